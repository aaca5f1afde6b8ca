package doppio.golden;

import doppio.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LossGoldenTest {
  @Test
  void valuesAndGradientsAreThoseOfPyTorch() {
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (LossCase c : LossCase.all(1)) {
      c.results().forEach((name, tensor) -> results.put(c.name() + "/" + name, tensor));
    }
    Golden.assertClose(results, Golden.load("loss/"), 1e-12);
  }
}
