package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static doppio.nn.StepperLawsTest.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.io.SafeTensors;
import doppio.own.RunningSum;
import doppio.own.Skip;
import doppio.own.Square;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sequences that are answered step by step. */
class StepperTest {
  private final Generator generator = new Generator(1);

  private Sequential model() {
    return new Sequential(
        new Linear(3, 4, generator),
        new RunningSum(4),
        new Residual(new Sequential(new Tanh(), new RunningSum(4), new Linear(4, 4, generator))),
        new Concat(new RunningSum(4), new LayerNorm(4)),
        new Linear(8, 2, generator));
  }

  @Test
  void theOutputsAreTheStepsOfTheWholeSequence() {
    Module model = model();
    for (int length : new int[] {1, 2, 31}) {
      Tensor x = RandomTensors.normal(length, length, 3);
      assertSame(steps(model.stepper(), x), model.infer(x));
    }
  }

  @Test
  void dropoutIsOffWhateverTheMode() {
    Module model = new Sequential(new RunningSum(3), new Dropout(0.5, generator)).train();
    Tensor x = RandomTensors.normal(1, 5, 3);
    assertSame(steps(model.stepper(), x), model.infer(x));
    assertThat(model.isTraining()).isTrue();
  }

  @Test
  void resetGoesBackToTheStart() {
    Module model = model();
    Stepper stepper = model.stepper();
    Tensor x = RandomTensors.normal(1, 6, 3);
    Tensor first = steps(stepper, x);
    stepper.reset();
    assertSame(steps(stepper, x), first);
  }

  @Test
  void aCopyGoesOnByItself() {
    Stepper stepper = model().stepper();
    Tensor before = RandomTensors.normal(1, 6, 3);
    Tensor after = RandomTensors.normal(2, 5, 3);
    steps(stepper, before);
    Stepper copy = stepper.copy();
    Tensor expected = steps(stepper, after);
    steps(stepper, before);
    assertSame(steps(copy, after), expected);
  }

  @Test
  void aStateThatIsSavedInTheMiddleGoesOnToTheSameBits(@TempDir Path folder) throws Exception {
    Module model = model();
    Stepper stepper = model.stepper();
    steps(stepper, RandomTensors.normal(1, 6, 3));
    assertThat(stepper.stateDict()).containsOnlyKeys("1.sum", "2.body.1.sum", "3.0.sum");
    Path file = folder.resolve("state.safetensors");
    SafeTensors.save(file, stepper.stateDict());
    Tensor rest = RandomTensors.normal(2, 5, 3);
    Tensor expected = steps(stepper, rest);
    Stepper loaded = model.stepper();
    loaded.loadStateDict(SafeTensors.load(file));
    assertSame(steps(loaded, rest), expected);
  }

  @Test
  void theStateIsACopy() {
    Stepper stepper = new RunningSum(1).stepper();
    stepper.step(Tensor.of(2.0));
    Map<String, Tensor> state = stepper.stateDict();
    Stepper other = new RunningSum(1).stepper();
    other.loadStateDict(state);
    state.get("sum").fill(100);
    assertThat(stepper.step(Tensor.of(1.0)).data()).containsExactly(3);
    assertThat(other.step(Tensor.of(1.0)).data()).containsExactly(3);
  }

  @Test
  void aStateThatDoesNotFitIsRefusedByPathAndChangesNothing() {
    Module model = model();
    Stepper stepper = model.stepper();
    steps(stepper, RandomTensors.normal(1, 6, 3));
    Map<String, Tensor> good = stepper.stateDict();

    Map<String, Tensor> missing = new LinkedHashMap<>(good);
    missing.put("1.sum", Tensor.zeros(1, 4));
    missing.remove("2.body.1.sum");
    assertRefused(stepper, missing, "2.body.1: state does not fit RunningSum(4): missing sum");
    Map<String, Tensor> wide = new LinkedHashMap<>(good);
    wide.put("3.0.sum", Tensor.zeros(1, 5));
    assertRefused(
        stepper, wide, "3.0: state does not fit RunningSum(4): sum expects [1, 4] but got [1, 5]");
    Map<String, Tensor> more = new LinkedHashMap<>(good);
    more.put("0.h", Tensor.zeros(1));
    assertRefused(stepper, more, "0: state does not fit Linear(3 → 4): unexpected h");
    more.remove("0.h");
    more.put("7.h", Tensor.zeros(1));
    more.put("c", Tensor.zeros(1));
    assertRefused(stepper, more, "state does not fit Sequential of 5 modules: unexpected 7.h, c");
  }

  private static void assertRefused(Stepper stepper, Map<String, Tensor> state, String message) {
    Map<String, Tensor> before = stepper.stateDict();
    assertThatThrownBy(() -> stepper.loadStateDict(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    Map<String, Tensor> after = stepper.stateDict();
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((name, t) -> assertSame(after.get(name), t));
  }

  @Test
  void aStepOfAnotherWidthOrRankIsRefusedAndLeavesTheStateAsItWas() {
    Module model = model();
    Tensor x = RandomTensors.normal(1, 6, 3);
    Tensor expected = model.infer(x);
    Stepper stepper = model.stepper();
    for (int t = 0; t < 6; t++) {
      Tensor step = Tensor.of(x.get(t, 0), x.get(t, 1), x.get(t, 2));
      assertShapeException(
          () -> stepper.step(Tensor.zeros(4)),
          "Linear(3 → 4) expects input [n, 3] but got [1, 4] (layer 0 of Sequential)");
      assertShapeException(
          () -> stepper.step(Tensor.zeros(1, 3)), "a step expects input [features] but got [1, 3]");
      assertShapeException(
          () -> stepper.step(Tensor.zeros()), "a step expects input [features] but got []");
      assertThat(stepper.step(step).data()).containsExactly(expected.get(t, 0), expected.get(t, 1));
    }
    assertShapeException(
        () -> new Sequential(new RunningSum(2)).stepper().step(Tensor.zeros(0)),
        "RunningSum(2) expects input [n, t, 2] or [t, 2] but got [1, 0] (layer 0 of Sequential)");
  }

  /** Throws at the steps that begin with a negative number. */
  private static final class Moody extends Layer {
    @Override
    protected void compute(Tensor x, Tensor y) {
      if (x.data()[0] < 0) {
        throw new IllegalStateException("not today");
      }
      System.arraycopy(x.data(), 0, y.data(), 0, x.size());
    }

    @Override
    protected Steps steps() {
      return Steps.alone(this);
    }
  }

  @Test
  void aStepThatFailsInTheMiddleAdvancesNoModule() {
    Module model = new Sequential(new RunningSum(1), new Moody(), new RunningSum(1));
    Stepper stepper = model.stepper();
    assertThat(stepper.step(Tensor.of(2.0)).data()).containsExactly(2);
    assertThatThrownBy(() -> stepper.step(Tensor.of(-3.0))).hasMessage("not today");
    assertThat(stepper.step(Tensor.of(1.0)).data()).containsExactly(5);
    assertThat(stepper.stateDict().get("0.sum").data()).containsExactly(3);
    assertThat(stepper.stateDict().get("2.sum").data()).containsExactly(5);
  }

  @Test
  void aResultThatYouHoldIsNeverOverwritten() {
    Stepper stepper = new RunningSum(1).stepper();
    Tensor x = Tensor.of(1.0);
    Tensor first = stepper.step(x);
    stepper.step(x);
    stepper.step(x);
    assertThat(first.data()).containsExactly(1);
    assertThat(x.data()).containsExactly(1);
    Tensor same = new Sequential().stepper().step(x);
    assertThat(same.data()).isNotSameAs(x.data()).containsExactly(1);
  }

  @Test
  void whatCannotBeSteppedSaysSoByPathAndName() {
    assertUnsteppable(
        new Sequential(new Residual(new Sequential(new ReLU(), new Flatten()))),
        "0.body.1 (Flatten) cannot be answered step by step: it joins all steps");
    assertUnsteppable(new Flatten(), "Flatten cannot be answered step by step: it joins all steps");
    assertUnsteppable(
        new Sequential(new Conv1d(1, 1, 2, generator)),
        "0 (Conv1d) cannot be answered step by step: its windows look ahead; those of CausalConv1d"
            + " look back alone");
    assertUnsteppable(
        new Sequential(new BatchNorm1d(1)),
        "0 (BatchNorm1d) cannot be answered step by step: it takes steps for channels; LayerNorm"
            + " normalises each step by itself");
    for (Layer layer :
        new Layer[] {
          new Conv2d(1, 1, 1), new BatchNorm2d(1), new MaxPool2d(1), new GlobalAvgPool2d()
        }) {
      assertUnsteppable(
          layer,
          layer.name()
              + " cannot be answered step by step: it works on images, which have no steps");
    }
    assertUnsteppable(
        new LayerNorm(2, 3),
        "LayerNorm cannot be answered step by step: it normalises over more dimensions than a step"
            + " has");
    assertUnsteppable(
        Concat.along(1, new ReLU()),
        "Concat along 1 cannot be answered step by step: the features of a step are joined by"
            + " Concat.along(-1, ..)");
    assertThat(Concat.along(-1, new ReLU(), new Tanh()).stepper().step(Tensor.of(0.0)).data())
        .containsExactly(0, 0);
  }

  @Test
  void aModuleOfOnesOwnSaysWhatToAdd() {
    assertUnsteppable(
        new Sequential(new Square()),
        "0 (Square) cannot be answered step by step: it does not say how; if it never looks at"
            + " more than one step, add: @Override protected Steps steps() { return"
            + " Steps.alone(this); }");
    assertUnsteppable(
        new Sequential(new Skip(new ReLU())),
        "0 (Skip) cannot be answered step by step: it does not say how; if only its children look"
            + " at more than one step, add: @Override protected Steps steps() { return"
            + " Steps.through(this); }");
  }

  /** Steps as another one does, which it does not show. */
  private static final class Disguise extends Layer {
    private final Module hidden;

    Disguise(Module hidden) {
      this.hidden = hidden;
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      throw new UnsupportedOperationException("only stepped");
    }

    @Override
    protected Steps steps() {
      return hidden.steps();
    }
  }

  @Test
  void whatHasNoPathIsNamedAlone() {
    assertUnsteppable(
        new Sequential(new Disguise(new Flatten())),
        "Flatten cannot be answered step by step: it joins all steps");
  }

  private static void assertUnsteppable(Module module, String message) {
    assertThatThrownBy(module::stepper)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(message);
  }

  /** A composite that is stepped through, and has no way back. */
  private abstract static class OnlyInferred extends Composite {
    @Override
    protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
      throw new UnsupportedOperationException("only inferred");
    }

    @Override
    protected Steps steps() {
      return Steps.through(this);
    }
  }

  /** body(x) + body(body(x)): one child in two places. */
  private static final class Twice extends OnlyInferred {
    private final Module body;

    Twice(Module body) {
      this.body = child("body", body);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      Tensor once = pass.call(body, x);
      Tensor y = pass.tensor(x.shape());
      System.arraycopy(once.data(), 0, y.data(), 0, y.size());
      Tensor twice = pass.call(body, y);
      for (int i = 0; i < y.size(); i++) {
        y.data()[i] += twice.data()[i];
      }
      return y;
    }
  }

  @Test
  void aChildThatIsCalledTwiceHasAStateInEachPlace() {
    Module model = new Sequential(new Twice(new RunningSum(2)));
    Tensor x = RandomTensors.normal(1, 7, 2);
    Stepper stepper = model.stepper();
    Tensor expected = model.infer(x);
    assertSame(steps(stepper, x), expected);
    assertThat(stepper.stateDict()).containsOnlyKeys("0.body.sum", "0.body(2).sum");
    Stepper loaded = model.stepper();
    loaded.loadStateDict(stepper.stateDict());
    Stepper copy = stepper.copy();
    Tensor rest = steps(stepper, x);
    assertSame(steps(loaded, x), rest);
    assertSame(steps(copy, x), rest);
  }

  @Test
  void aChildThatAStepPassesByKeepsItsState() {
    Module positive =
        new OnlyInferred() {
          private final Module body = child("body", new RunningSum(1));

          @Override
          protected Tensor compute(Pass pass, Tensor x) {
            return x.data()[0] > 0 ? pass.call(body, x) : x;
          }
        };
    Stepper stepper = positive.stepper();
    double[] answers = {1, 2, -5, 3};
    for (double answer : answers) {
      Tensor x = Tensor.of(answer > 0 ? 1.0 : answer);
      assertThat(stepper.step(x).data()).containsExactly(answer);
    }
  }

  @Test
  void furtherCallsAreNumberedInTheirOrder() {
    Module sum = new RunningSum(1);
    Stepper stepper = new Thrice(sum).stepper();
    stepper.step(Tensor.of(1.0));
    Map<String, Tensor> state = stepper.stateDict();
    assertThat(state).containsOnlyKeys("body.sum", "body(2).sum", "body(3).sum");
    stepper.loadStateDict(state);
    assertThat(stepper.step(Tensor.of(1.0)).data()).containsExactly(4);
    Stepper loaded = new Thrice(sum).stepper();
    loaded.loadStateDict(state);
    assertThat(loaded.step(Tensor.of(1.0)).data()).containsExactly(4);
  }

  /** body(body(body(x))). */
  private static final class Thrice extends OnlyInferred {
    private final Module body;

    Thrice(Module body) {
      this.body = child("body", body);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      Tensor y = pass.tensor(x.shape());
      System.arraycopy(pass.call(body, x).data(), 0, y.data(), 0, y.size());
      Tensor z = pass.tensor(x.shape());
      System.arraycopy(pass.call(body, y).data(), 0, z.data(), 0, z.size());
      return pass.call(body, z);
    }
  }

  @Test
  void aStepUsesTheWeightsOfItsMoment() {
    Linear linear = new Linear(1, 1, generator);
    Stepper stepper = new Sequential(new RunningSum(1), linear).stepper();
    linear.weight().value().fill(2);
    linear.bias().value().fill(0);
    assertThat(stepper.step(Tensor.of(1.0)).data()).containsExactly(2);
    linear.weight().value().fill(10);
    assertThat(stepper.step(Tensor.of(1.0)).data()).containsExactly(20);
  }

  @Test
  void aModelThatGetsAnotherModuleNeedsANewStepper() {
    Sequential model = new Sequential(new ReLU(), new ReLU());
    Stepper stepper = model.stepper();
    model.set(1, new Tanh());
    assertThatThrownBy(() -> stepper.step(Tensor.of(1.0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Sequential of 2 modules calls Tanh(), which was not its child when the stepper was"
                + " made");
    assertThat(model.stepper().step(Tensor.of(0.0)).data()).containsExactly(0);
  }

  /** A layer that looks at each step alone has no width of its own. */
  @Test
  void stepsMayDifferInWidthWhereNoLayerMinds() {
    Stepper stepper = new Sequential(new ReLU(), new Negation()).stepper();
    assertThat(stepper.step(Tensor.of(1, -2, 3)).data()).containsExactly(-1, -0.0, -3);
    assertThat(stepper.step(Tensor.of(4)).data()).containsExactly(-4);
    assertThat(stepper.step(Tensor.of(-5, 6)).data()).containsExactly(-0.0, -6);
    assertThat(stepper.step(Tensor.of(7, 8)).data()).containsExactly(-7, -8);
  }

  /** −x, but a composite that asks while it steps whether it is recorded. */
  private static final class Negation extends OnlyInferred {
    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      assertThat(pass.isRecording()).isFalse();
      Tensor y = pass.tensor(x.shape());
      for (int i = 0; i < y.size(); i++) {
        y.data()[i] = -x.data()[i];
      }
      return y;
    }
  }

  /** Says how it steps, but makes something else of a step. */
  private static final class Turned extends Layer {
    private final int[] shape;

    Turned(int... shape) {
      this.shape = shape;
    }

    @Override
    protected int[] outputShape(int[] inputShape) {
      return shape;
    }

    @Override
    protected void compute(Tensor x, Tensor y) {}

    @Override
    protected Steps steps() {
      return Steps.alone(this);
    }
  }

  @Test
  void anOutputThatIsNoStepIsRefused() {
    assertShapeException(
        () -> new Turned(3).stepper().step(Tensor.of(1)),
        "Turned() should answer a step with [1, features] but gave [3]");
    assertShapeException(
        () -> new Turned(2, 3).stepper().step(Tensor.of(1)),
        "Turned() should answer a step with [1, features] but gave [2, 3]");
    assertShapeException(
        () -> new Turned(1, 3, 2).stepper().step(Tensor.of(1)),
        "Turned() should answer a step with [1, features] but gave [1, 3, 2]");
    assertThat(new Turned(1, 3).stepper().step(Tensor.of(1)).shape()).containsExactly(3);
  }

  @Test
  void aNullIsNamedAtEveryStep() {
    Steps steps = new Sequential(new ReLU()).steps();
    for (int step = 0; step < 2; step++) {
      assertThatThrownBy(() -> steps.step(null))
          .isInstanceOf(NullPointerException.class)
          .hasMessageEndingWith("\"x\" is null");
      assertThat(steps.step(Tensor.zeros(1, 2)).data()).containsExactly(0, 0);
      steps.advance();
    }
  }

  @Test
  void printsTheModel() {
    assertThat(model().stepper()).hasToString("Stepper(Sequential of 5 modules)");
    assertThat(new Linear(3, 4).stepper()).hasToString("Stepper(Linear(3 → 4))");
  }
}
