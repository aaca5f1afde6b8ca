package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Modules by path, and one in the place of another. */
class WalkTest {
  private final Generator generator = new Generator(1);
  private final Sequential model =
      new Sequential(
          new Linear(4, 3, generator),
          new Residual(new Sequential(new Linear(3, 3, generator), new Tanh())),
          new Linear(3, 2, generator));

  @Test
  void namedModulesHasThisOneFirstAndParentsBeforeTheirChildren() {
    Map<String, Module> named = model.namedModules();
    assertThat(named.keySet()).containsExactly("", "0", "1", "1.body", "1.body.0", "1.body.1", "2");
    assertThat(named.get("")).isSameAs(model);
    assertThat(named.get("1.body.1")).isInstanceOf(Tanh.class);
    named.clear();
    assertThat(model.namedModules()).hasSize(7);
  }

  @Test
  void aModuleIsFoundByItsPath() {
    assertThat(model.get("")).isSameAs(model);
    assertThat(model.get("2")).isSameAs(model.get(2)).isSameAs(model.get(-1));
    assertThat(model.get("1.body.0")).hasToString("Linear(3 → 3)");
    assertThat(model.get(-3)).isSameAs(model.get(0));
    assertThatThrownBy(() -> model.get("1.body.7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no module 1.body.7 in Sequential of 3 modules: Sequential of 2 modules has the"
                + " children [0, 1]");
    assertThatThrownBy(() -> model.get("2.weight"))
        .hasMessage("no module 2.weight in Sequential of 3 modules: Linear(3 → 2) has no children");
    assertThatThrownBy(() -> model.get("1..body")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.get(3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("no module 3 in a Sequential of 3 modules");
    assertThatThrownBy(() -> model.get(-4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("no module -4 in a Sequential of 3 modules");
  }

  @Test
  void theLastLayerIsReplacedInOneLine() {
    assertThat(model.set(-1, new Linear(3, 7, generator))).isSameAs(model);
    assertThat(model.infer(Tensor.zeros(4)).shape()).containsExactly(7);
    assertThat(model.namedParameters().get("2.weight").value().shape()).containsExactly(7, 3);
    assertThat(model.children().keySet()).containsExactly("0", "1", "2");
    Tensor y = model.forward(Tensor.zeros(2, 4));
    assertThat(model.backward(y).shape()).containsExactly(2, 4);
  }

  @Test
  void aReplacementThatStandsElsewhereIsRefusedAndNothingChanges() {
    Module head = model.get(2);
    assertThatThrownBy(() -> model.set(0, model.get("1.body.0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Linear(3 → 3) stands in two places, 0 and 1.body.0;");
    assertThatThrownBy(() -> model.set(2, null)).hasMessage("2 of Sequential is null");
    assertThatThrownBy(() -> model.set(3, new Tanh()))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(model.get(0)).hasToString("Linear(4 → 3)");
    assertThat(model.get("0")).isSameAs(model.get(0));
    assertThat(model.get(2)).isSameAs(head);
    assertThat(model.set(2, head).get(2)).isSameAs(head);
  }

  @Test
  void oneNameOfASharedParameterIsEnoughAndTwoDifferentValuesAreRefused() {
    Linear first = new Linear(2, 2, generator);
    Sequential shared = new Sequential(first, new Tanh(), new Linear(first.weight(), null));
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("0.bias", Tensor.of(1, 2));
    state.put("2.weight", Tensor.of(new double[][] {{1, 2}, {3, 4}}));
    shared.loadStateDict(state);
    assertThat(first.weight().value().data()).containsExactly(1, 2, 3, 4);
    state.put("0.weight", Tensor.of(new double[][] {{1, 2}, {3, 4}}));
    shared.loadStateDict(state);
    state.put("0.weight", Tensor.of(new double[][] {{1, 2}, {3, 5}}));
    state.put("0.bias", Tensor.of(7, 7));
    assertThatThrownBy(() -> shared.loadStateDict(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "state dict does not fit Sequential: 2.weight is shared with 0.weight but has other"
                + " values");
    assertThat(first.bias().value().data()).containsExactly(1, 2);
    state.remove("0.weight");
    state.remove("2.weight");
    assertThatThrownBy(() -> shared.loadStateDict(state))
        .hasMessage("state dict does not fit Sequential: missing 0.weight; missing 2.weight");
  }

  @Test
  void liveTensorsExchangedThroughTheStateAreExchanged() {
    Sequential two = new Sequential(new Linear(2, 2, generator), new Linear(2, 2, generator));
    Map<String, Tensor> state = two.stateDict();
    List<double[]> before = state.values().stream().map(t -> t.data().clone()).toList();
    Map<String, Tensor> exchanged = new LinkedHashMap<>();
    exchanged.put("0.weight", state.get("1.weight"));
    exchanged.put("0.bias", state.get("1.bias"));
    exchanged.put("1.weight", state.get("0.weight"));
    exchanged.put("1.bias", state.get("0.bias"));
    two.loadStateDict(exchanged);
    assertThat(state.get("0.weight").data()).containsExactly(before.get(2));
    assertThat(state.get("1.weight").data()).containsExactly(before.get(0));
    assertThat(state.get("1.bias").data()).containsExactly(before.get(1));
  }
}
