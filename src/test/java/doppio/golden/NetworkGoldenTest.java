package doppio.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Module;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkGoldenTest {
  @AfterEach
  void otherTestsSeeAnotherSeed() {
    Generator.manualSeed(1);
  }

  @ParameterizedTest
  @EnumSource
  void lossesAreThoseOfPyTorchStepByStep(NetworkCase network) {
    double[] expected = Golden.load("network/").get(network.name()).data();
    assertThat(network.train(network.model(), expected.length))
        .containsExactly(expected, within(1e-9));
  }

  @Test
  void weightsAfterSeed66AreThoseOfPyTorchInSinglePrecision() {
    assertThat(SeededNetwork.hashes(SeededNetwork.build(NetworkCase.RELU).stateDict()))
        .isEqualTo(SeededNetwork.goldenHashes());
  }

  @ParameterizedTest
  @EnumSource(names = {"SIGMOID", "RELU"})
  void outputsAfterSeed66AreThoseOfPyTorchInSinglePrecision(NetworkCase network) {
    Map<String, Tensor> golden = Golden.load("seed 66/");
    Module model = SeededNetwork.build(network);
    assertThat(model.infer(SeededNetwork.inputs()).data())
        .containsExactly(golden.get(network.name()).data(), within(1e-5));
  }
}
