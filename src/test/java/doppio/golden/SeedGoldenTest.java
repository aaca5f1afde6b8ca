package doppio.golden;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeedGoldenTest {
  @Test
  void weightsPermutationsAndMasksArePyTorchsToTheBit() {
    Map<String, Tensor> golden = Golden.load("seed 0 exact/");
    Map<String, Tensor> draws = SeedDraws.exact();
    assertThat(draws.keySet()).isEqualTo(golden.keySet());
    golden.forEach(
        (name, tensor) ->
            assertThat(draws.get(name).data()).as(name).containsExactly(tensor.data()));
  }

  @Test
  void normalNumbersArePyTorchsToTheLastDigits() {
    Golden.assertClose(SeedDraws.close(), Golden.load("seed 0 close/"), 4e-15);
    Golden.assertClose(
        SeedDraws.closeInSinglePrecision(), Golden.load("seed 0 close single/"), 1e-6);
  }
}
