package doppio.golden;

import doppio.Tensor;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizerGoldenTest {
  static Stream<OptimizerCase> cases() {
    return OptimizerCase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepsAreThoseOfPyTorch(OptimizerCase c) {
    Map<String, Tensor> results = c.results(OptimizerCase::isRecorded);
    Golden.assertClose(results, Golden.load("optimizer/" + c + "/"), 1e-9);
  }
}
