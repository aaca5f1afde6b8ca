package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModuleTest {
  private final Generator generator = new Generator(1);
  private final Sequential model =
      new Sequential(
          new Linear(4, 3, generator),
          new ReLU(),
          new Sequential(new Linear(3, 2, false, generator), new Dropout(0.5, generator)),
          new ResidualBlock(new Linear(2, 2, generator)));

  @Test
  void namesAreThePathsFromTheModuleAsked() {
    List<String> names =
        List.of("0.weight", "0.bias", "2.0.weight", "3.body.weight", "3.body.bias");
    assertThat(model.namedParameters().keySet()).containsExactlyElementsOf(names);
    assertThat(model.stateDict().keySet()).containsExactlyElementsOf(names);
    assertThat(model.parameters()).containsExactlyElementsOf(model.namedParameters().values());
    assertThat(model.get(2).namedParameters()).containsOnlyKeys("0.weight");
    assertThat(model.get(0).namedParameters()).containsOnlyKeys("weight", "bias");
    assertThat(model.stateDict().get("0.bias"))
        .isSameAs(model.namedParameters().get("0.bias").value());
  }

  @Test
  void mapsHandedOutAreCopies() {
    model.children().clear();
    model.namedParameters().clear();
    model.stateDict().clear();
    model.parameters().clear();
    assertThat(model.children()).containsOnlyKeys("0", "1", "2", "3");
    assertThat(model.namedParameters()).hasSize(5);
    assertThat(model.stateDict()).hasSize(5);
    assertThat(model.parameters()).hasSize(5);
  }

  @Test
  void modesReachEveryModuleBelow() {
    Module block = model.get(3);
    assertThat(model.isTraining()).isTrue();
    assertThat(model.eval()).isSameAs(model);
    assertThat(model.isTraining()).isFalse();
    assertThat(((Sequential) model.get(2)).get(1).isTraining()).isFalse();
    assertThat(block.children().get("body").isTraining()).isFalse();
    block.train();
    assertThat(block.children().get("body").isTraining()).isTrue();
    assertThat(model.isTraining()).isFalse();
    assertThat(model.train()).isSameAs(model);
    assertThat(((Sequential) model.get(2)).get(1).isTraining()).isTrue();
  }

  @Test
  void aChainTrainsWhereOneOfItsModulesDoes() {
    Dropout dropout = new Dropout(0.5, generator);
    Tanh tanh = new Tanh();
    Sequential chain = new Sequential(new Sequential(dropout, tanh));
    dropout.eval();
    assertThat(chain.isTraining()).isTrue();
    tanh.eval();
    assertThat(chain.isTraining()).isFalse();
    dropout.train();
    assertThat(chain.isTraining()).isTrue();
    assertThat(new Sequential().isTraining()).isTrue();
    assertThat(new Sequential().eval().isTraining()).isFalse();
  }

  @Test
  void anotherModuleHasAModeOfItsOwn() {
    ResidualBlock block = new ResidualBlock(new Linear(2, 2, generator));
    block.children().get("body").eval();
    assertThat(block.isTraining()).isTrue();
  }

  @Test
  void stateIsCopiedIn() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    model.stateDict().forEach((name, t) -> state.put(name, Tensor.full(2, t.shape())));
    model.loadStateDict(state);
    state.values().forEach(t -> t.fill(3));
    for (Parameter p : model.parameters()) {
      assertThat(p.value().data()).containsOnly(2);
    }
  }

  @Test
  void everyKeyThatDoesNotFitIsNamedAndNothingIsChanged() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    model.stateDict().forEach((name, t) -> state.put(name, Tensor.full(2, t.shape())));
    state.remove("0.bias");
    state.put("2.0.weight", Tensor.zeros(3, 2));
    state.put("3.body.bias", Tensor.zeros(2, 1));
    state.put("2.0.bias", Tensor.zeros(2));
    state.put("weight", Tensor.zeros(2));
    Map<String, Tensor> before = new LinkedHashMap<>();
    model.stateDict().forEach((name, t) -> before.put(name, t.copy()));
    assertThatThrownBy(() -> model.loadStateDict(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "state dict does not fit Sequential: missing 0.bias; "
                + "2.0.weight expects [2, 3] but got [3, 2]; "
                + "3.body.bias expects [2] but got [2, 1]; "
                + "unexpected 2.0.bias; unexpected weight");
    before.forEach(
        (name, t) -> assertThat(model.stateDict().get(name).data()).containsExactly(t.data()));
  }

  @Test
  void zeroGradReachesEveryParameter() {
    Tensor y = model.forward(RandomTensors.normal(2, 5, 4));
    model.backward(y);
    assertThat(model.parameters()).allMatch(Parameter::hasGradient);
    model.zeroGrad();
    assertThat(model.parameters()).noneMatch(Parameter::hasGradient);
  }

  @Test
  void namesThatBreakPathsAreRefused() {
    assertRegistrationRefused("", "a name must be non-empty and without dots: ");
    assertRegistrationRefused("a.b", "a name must be non-empty and without dots: a.b");
    assertRegistrationRefused("taken", "Registering has two of name taken");
    assertThatThrownBy(() -> new Registering().parameter("missing", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("missing of Registering is null");
  }

  @Test
  void aNameIsTakenByWhateverHasItButForGenerators() {
    Registering module = new Registering();
    module.child("part", new Tanh());
    module.buffer("mean", Tensor.zeros(1));
    for (String name : List.of("part", "mean", "taken")) {
      String message = "Registering has two of name " + name;
      assertThatThrownBy(() -> module.parameter(name, new Parameter(Tensor.zeros(1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThatThrownBy(() -> module.buffer(name, Tensor.zeros(1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
      assertThat(module.generator(name, generator)).isSameAs(generator);
      assertThatThrownBy(() -> module.generator(name, generator))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
  }

  @Test
  void aChildUnderTwoNamesIsNamedByTheFirst() {
    Linear child = new Linear(2, 2, generator);
    Module siblings = new Siblings(child, child);
    assertThat(siblings.namedModules()).containsOnlyKeys("", "left");
    assertThatThrownBy(() -> siblings.get("body"))
        .hasMessage("no module body in Siblings: Siblings has the children [left, right]");
  }

  @Test
  void aChildUnderTwoNamesIsOneChildInTheCopyToo() {
    Linear child = new Linear(2, 2, generator);
    Module copy = new Siblings(child, child).copy();
    assertThat(copy.children().get("left"))
        .isSameAs(copy.children().get("right"))
        .isNotSameAs(child);
    assertThat(copy.parameters()).hasSize(2);
  }

  @Test
  void aModuleWithoutADescriptionSaysAtCopyWhatToAdd() {
    assertThatThrownBy(() -> new Registering().copy())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Registering does not say how it is made again; add: @Override public"
                + " Description<Registering> describe() { return Description.of(parts -> new"
                + " Registering(parts.parameter(\"taken\"))); }");
  }

  @Test
  void itNamesEveryPartThatAConstructorHasToTake() {
    Registering module = new Registering();
    module.buffer("mean", Tensor.zeros(1));
    module.child("part", new Tanh());
    assertThatThrownBy(module::copy)
        .hasMessageEndingWith(
            "new Registering(parts.parameter(\"taken\"), parts.buffer(\"mean\"),"
                + " parts.child(\"part\"))); }");
  }

  private static void assertRegistrationRefused(String name, String message) {
    Registering module = new Registering();
    assertThatThrownBy(() -> module.parameter(name, new Parameter(Tensor.zeros(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> module.child(name, new Tanh()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(module.children()).isEmpty();
    assertThat(module.namedParameters()).containsOnlyKeys("taken");
  }

  /** Two children that may be one; computes nothing. */
  private static final class Siblings extends Module {
    Siblings(Module left, Module right) {
      child("left", left);
      child("right", right);
    }

    @Override
    public Tensor forward(Tensor x) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Tensor backward(Tensor gradOutput) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Tensor infer(Tensor x) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Description<Siblings> describe() {
      return Description.of(parts -> new Siblings(parts.child("left"), parts.child("right")));
    }
  }

  private static final class Registering extends Layer {
    Registering() {
      parameter("taken", new Parameter(Tensor.zeros(2)));
    }

    @Override
    protected void compute(Tensor x, Tensor y) {}

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {}
  }
}
