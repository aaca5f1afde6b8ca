package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import doppio.own.Centre;
import doppio.own.Skip;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules that are made again from what they say of themselves. */
class ModuleCopiesTest {
  private final Generator generator = new Generator(1);

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#all")
  void everyModuleIsMadeAgainWithEqualBitsAndEqualGenerators(ModuleCase c) {
    for (UnaryOperator<Module> way :
        List.<UnaryOperator<Module>>of(Module::copy, Module::replica)) {
      Module original = c.create(1);
      Module twin = way.apply(original);
      assertThat(twin).hasToString(original.toString()).hasSameClassAs(original);
      assertThat(twin.stateDict().keySet())
          .containsExactlyElementsOf(original.stateDict().keySet());
      assertThat(twin.describe().settings()).isEqualTo(original.describe().settings());
      Tensor x = c.batch(3, 4);
      assertSame(twin.infer(x), original.infer(x));
      assertSame(twin.forward(x), original.forward(x));
      assertThat(states(twin)).isEqualTo(states(original));
    }
  }

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#all")
  void makingAgainDrawsNoRandomNumber(ModuleCase c) {
    Module original = c.create(4);
    List<List<Long>> before = states(original);
    long[] defaults = Generator.defaultGenerator().state();
    original.copy();
    original.replica();
    assertThat(states(original)).isEqualTo(before);
    assertThat(Generator.defaultGenerator().state()).containsExactly(defaults);
  }

  @Test
  void aReplicaHasTheSameValuesAndGradientsOfItsOwn() {
    Linear first = new Linear(3, 3, generator);
    first.bias().frozen(true);
    Sequential model = new Sequential(first, new Linear(first.weight(), null));
    Module replica = model.replica();
    assertThat(replica.parameters()).hasSize(2);
    assertThat(replica.namedParameters().get("0.weight").value()).isSameAs(first.weight().value());
    assertThat(replica.namedParameters().get("0.bias").isFrozen()).isTrue();
    Tensor x = RandomTensors.normal(2, 4, 3);
    replica.backward(replica.forward(x));
    assertThat(first.weight().hasGradient()).isFalse();
    assertThat(replica.namedParameters().get("0.weight").hasGradient()).isTrue();
  }

  @Test
  void modulesThatShareAGeneratorHaveTwinsThatShareOne() {
    Generator single = generator.singlePrecision();
    Sequential model =
        new Sequential(
            new Dropout(0.5, generator), new Dropout(0.5, single), new Dropout(0.5, generator));
    Map<String, Generator> twins = model.copy().namedGenerators();
    assertThat(model.namedGenerators()).containsOnlyKeys("0.generator", "1.generator");
    assertThat(twins).containsOnlyKeys("0.generator", "1.generator");
    assertThat(twins.get("0.generator")).isNotSameAs(generator);
    assertThat(twins.get("0.generator").sharesStream(twins.get("1.generator"))).isTrue();
    assertThat(twins.get("0.generator").sharesStream(generator)).isFalse();
    double wide = twins.get("0.generator").uniform();
    double narrow = twins.get("1.generator").uniform();
    assertThat(wide).isEqualTo(generator.uniform());
    assertThat(narrow).isEqualTo(single.uniform());
  }

  @Test
  void generatorsOfTheirOwnHaveTwinsOfTheirOwn() {
    Module model = new Sequential(new Dropout(0.5, generator), new Dropout(0.5, new Generator(2)));
    Map<String, Generator> twins = model.copy().namedGenerators();
    assertThat(twins.get("0.generator").sharesStream(twins.get("1.generator"))).isFalse();
    assertThat(twins.get("0.generator").uniform()).isEqualTo(generator.uniform());
    assertThat(twins.get("1.generator").uniform()).isEqualTo(new Generator(2).uniform());
  }

  @Test
  void theDefaultGeneratorStaysTheDefault() {
    Module copy = new Sequential(new Dropout(0.5)).copy();
    assertThat(copy.namedGenerators().get("0.generator")).isSameAs(Generator.defaultGenerator());
  }

  @Test
  void twoCopiesInTwoThreadsTrainAsOneAfterTheOther() throws Exception {
    Module model =
        new Sequential(
            new Linear(5, 16, generator),
            new Centre(16),
            new Dropout(0.3, generator),
            new Skip(new Sequential(new Linear(16, 16, generator), new Tanh())),
            new Linear(16, 2, generator));
    List<Tensor> expected = new ArrayList<>(trained(model.copy(), 1));
    expected.addAll(trained(model.copy(), 2));
    Callable<List<Tensor>> first = task(model.copy(), 1);
    Callable<List<Tensor>> second = task(model.copy(), 2);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Tensor> actual = new ArrayList<>();
      for (Future<List<Tensor>> result : pool.invokeAll(List.of(first, second))) {
        actual.addAll(result.get());
      }
      assertSame(actual, expected);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aMissingDescriptionSaysWhatToAdd() {
    Module anonymous =
        new Layer() {
          @Override
          protected void compute(Tensor x, Tensor y) {}
        };
    assertThatThrownBy(() -> new Sequential(new Tanh(), anonymous).copy())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "ModuleCopiesTest$1 does not say how it is made again; add: @Override public"
                + " Description<ModuleCopiesTest$1> describe() { return Description.of(parts -> new"
                + " ModuleCopiesTest$1()); }");
    assertThat(anonymous).hasToString("ModuleCopiesTest$1()");
  }

  @Test
  void aDescriptionThatLosesAPartIsRefused() {
    assertRefused(
        parts -> new Forgetful(new Parameter(Tensor.zeros(2)), null),
        "one whose parameter p is not parts.parameter(\"p\")");
    assertRefused(parts -> new Tanh(), "a Tanh");
    assertRefused(parts -> null, "nothing");
    assertRefused(
        parts -> new Forgetful(parts.parameter("p"), null).more(),
        "one with other names of parameter: [p, more], not [p]");
  }

  private static void assertRefused(Maker<Module> maker, String what) {
    assertThatThrownBy(() -> new Forgetful(new Parameter(Tensor.zeros(2)), maker).copy())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the description of Forgetful() makes " + what);
  }

  private static Callable<List<Tensor>> task(Module model, int seed) {
    return () -> trained(model, seed);
  }

  private static List<Tensor> trained(Module model, int seed) {
    Optimizer optimizer = new Momentum(model.parameters(), 0.01, 0.9);
    MSE loss = new MSE();
    for (int step = 0; step < 60; step++) {
      Tensor x = RandomTensors.normal(100L * seed + step, 8, 5);
      optimizer.zeroGrad();
      loss.forward(model.forward(x), Tensor.zeros(8, 2));
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }
    return new ArrayList<>(model.stateDict().values());
  }

  private static List<List<Long>> states(Module module) {
    return module.namedGenerators().values().stream()
        .map(g -> Arrays.stream(g.state()).boxed().toList())
        .toList();
  }

  /** Says whatever it is told about how it is made again. */
  private static final class Forgetful extends Layer {
    private final Maker<Module> maker;

    Forgetful(Parameter p, Maker<Module> maker) {
      this.maker = maker;
      parameter("p", p);
    }

    Forgetful more() {
      parameter("more", new Parameter(Tensor.zeros(1)));
      return this;
    }

    @Override
    protected void compute(Tensor x, Tensor y) {}

    @Override
    public Description<? extends Module> describe() {
      return Description.of(maker);
    }
  }
}
