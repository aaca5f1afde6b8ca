package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameHintTest {
  private static final Set<String> MINE = Set.of("0.weight", "0.bias");

  @ParameterizedTest
  @ValueSource(strings = {"module.", "_orig_mod.", "model."})
  void aPrefixThatEveryNameHasIsNamed(String prefix) {
    Linear linear = new Linear(2, 1);
    Map<String, Tensor> wrapped = new LinkedHashMap<>();
    linear.stateDict().forEach((name, tensor) -> wrapped.put(prefix + name, tensor));
    assertThatThrownBy(() -> linear.loadStateDict(wrapped))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("state dict does not fit Linear: missing weight")
        .hasMessageEndingWith(
            "; every name given begins with "
                + prefix
                + ", which TorchFile.withoutPrefix(state, \""
                + prefix
                + "\") takes away");
  }

  @Test
  void namesOfTheModelsOwnThatBeginSoAreNoPrefix() {
    assertThat(NameHint.of(Set.of("model.a"), Set.of("model.b"))).isEmpty();
    assertThat(NameHint.of(MINE, Set.of("module.0.weight", "0.bias"))).isEmpty();
    assertThat(NameHint.of(MINE, Set.of())).isEmpty();
    assertThat(NameHint.of(MINE, Set.of("modular"))).isEmpty();
  }

  @Test
  void checkpointsAreKnownByTheNamesBesideTheModels() {
    for (String name : new String[] {".extra.epoch", "frozen.parameters"}) {
      assertThat(NameHint.of(MINE, Set.of("0.weight", "0.bias", name)))
          .endsWith("which Checkpoint.loadModel(file, model) reads");
    }
    Set<String> own = Set.of("frozen.parameters");
    assertThat(NameHint.of(own, own)).isEmpty();
  }

  /** Version 0.1.0 put "model." before the names of the model, and no other before the rest. */
  @Test
  void checkpointsOfTheFirstVersionAreKnownByTheNamesOfTheModel() {
    assertThat(NameHint.of(MINE, Set.of("model.0.weight", "model.0.bias", "optimizer.step")))
        .endsWith("which Checkpoint.loadModel(file, model) reads");
    assertThat(NameHint.of(MINE, Set.of("model.0.weight", "optimizer.step"))).isEmpty();
    assertThat(
            NameHint.of(
                MINE, Set.of("model.0.weight", "0.weight", "model.0.bias", "0.bias", "epoch")))
        .isEmpty();
  }
}
