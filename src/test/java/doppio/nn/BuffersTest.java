package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.own.Centre;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** State that a module keeps beside its parameters. */
class BuffersTest {
  private final Generator generator = new Generator(1);
  private final Sequential model =
      new Sequential(
          new Centre(4),
          new Linear(4, 3, generator),
          new Residual(new Sequential(new Linear(3, 3, generator), new Centre(3))));

  @Test
  void aBufferStandsInTheStateAndNotAmongTheParameters() {
    assertThat(model.namedBuffers()).containsOnlyKeys("0.running_mean", "2.body.1.running_mean");
    assertThat(model.stateDict().keySet())
        .containsExactly(
            "0.running_mean",
            "1.weight",
            "1.bias",
            "2.body.0.weight",
            "2.body.0.bias",
            "2.body.1.running_mean");
    assertThat(model.namedParameters())
        .containsOnlyKeys("1.weight", "1.bias", "2.body.0.weight", "2.body.0.bias");
    assertThat(model.stateDict().get("0.running_mean"))
        .isSameAs(model.namedBuffers().get("0.running_mean"));
  }

  @Test
  void aModulesBuffersFollowItsOwnParametersAndPrecedeItsChildren() {
    Module module = new Everything();
    assertThat(module.stateDict().keySet()).containsExactly("p", "b", "child.weight", "child.bias");
  }

  @Test
  void loadingCopiesBuffersToo() {
    Module trained = model.copy();
    trained.forward(RandomTensors.normal(2, 9, 4));
    assertThat(trained.get("0").namedBuffers().get("running_mean").data()).doesNotContain(0);
    model.loadStateDict(trained.stateDict());
    assertThat(model.namedBuffers().get("0.running_mean").data())
        .containsExactly(trained.namedBuffers().get("0.running_mean").data())
        .isNotSameAs(trained.namedBuffers().get("0.running_mean").data());
  }

  @Test
  void aFailedLoadLeavesBuffersAsTheyWere() {
    model.forward(RandomTensors.normal(2, 9, 4));
    double[] before = model.namedBuffers().get("0.running_mean").data().clone();
    Map<String, Tensor> state = new LinkedHashMap<>();
    model.stateDict().forEach((name, t) -> state.put(name, Tensor.full(5, t.shape())));
    state.put("2.body.1.running_mean", Tensor.zeros(4));
    assertThatThrownBy(() -> model.loadStateDict(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "state dict does not fit Sequential: "
                + "2.body.1.running_mean expects [3] but got [4]");
    assertThat(model.namedBuffers().get("0.running_mean").data()).containsExactly(before);
  }

  @Test
  void copiesAndReplicasHaveBuffersOfTheirOwn() {
    model.forward(RandomTensors.normal(2, 9, 4));
    double[] now = model.namedBuffers().get("0.running_mean").data().clone();
    for (Module twin : new Module[] {model.copy(), model.replica()}) {
      Tensor mean = twin.namedBuffers().get("0.running_mean");
      assertThat(mean.data()).containsExactly(now);
      twin.forward(RandomTensors.normal(3, 9, 4));
      assertThat(mean.data()).isNotEqualTo(now);
      assertThat(model.namedBuffers().get("0.running_mean").data()).containsExactly(now);
    }
  }

  @Test
  void theSummaryCountsThemApart() {
    assertThat(model.summary(1, 4).lines())
        .containsExactly(
            "layer                            output               parameters",
            "0  Centre()                      [1, 4]                        0",
            "1  Linear(4 → 3)                 [1, 3]                       15",
            "2.body.0  Linear(3 → 3)          [1, 3]                       12",
            "2.body.1  Centre()               [1, 3]                        0",
            "total                                                         27",
            "in buffers besides                                             7");
  }

  @Test
  void aNameIsTakenOnceWhateverItNames() {
    assertThatThrownBy(() -> new Everything().buffer("p", Tensor.zeros(1)))
        .hasMessage("Everything has two of name p");
    assertThatThrownBy(() -> new Everything().parameter("b", new Parameter(Tensor.zeros(1))))
        .hasMessage("Everything has two of name b");
    assertThatThrownBy(() -> new Everything().buffer("b", Tensor.zeros(1)))
        .hasMessage("Everything has two of name b");
    assertThatThrownBy(() -> new Everything().buffer("c", null))
        .hasMessage("c of Everything is null");
  }

  private static final class Everything extends Layer {
    Everything() {
      child("child", new Linear(2, 2));
      buffer("b", Tensor.zeros(2));
      parameter("p", new Parameter(Tensor.zeros(2)));
    }

    @Override
    protected void compute(Tensor x, Tensor y) {}
  }
}
