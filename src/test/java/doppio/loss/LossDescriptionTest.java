package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.nn.Description;
import doppio.nn.Maker;
import doppio.nn.Parts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What losses say of themselves, and the copies made from it. */
class LossDescriptionTest {
  private static final Tensor PREDICTION = Tensor.of(new double[][] {{1, -2, 0.5}, {0, 3, -1}});
  private static final Tensor SIGNS = Tensor.of(new double[][] {{1, -1, 1}, {1, 1, -1}});
  private static final Tensor PROBABILITIES = Tensor.of(new double[][] {{1, 0, 0.25}, {0.5, 1, 0}});
  private static final Tensor INDICES = Tensor.of(2, 1);

  static Stream<Loss> losses() {
    return Stream.of(
        new MSE(),
        new MSE(Reduction.SUM),
        MSE.half(),
        MSE.half(Reduction.SUM),
        new Hinge(),
        new Hinge(Reduction.SUM),
        new CrossEntropy(),
        new CrossEntropy(Reduction.SUM),
        new CrossEntropy().weights(1, 3, 0.5),
        new CrossEntropy().ignoreIndex(1),
        new CrossEntropy().ignoreIndex(0),
        new CrossEntropy().labelSmoothing(0.3),
        everything(),
        new L1(),
        new L1(Reduction.SUM),
        new Huber(1),
        new Huber(0.25, Reduction.SUM),
        new BCEWithLogits(),
        new BCEWithLogits(Reduction.SUM).positiveWeight(3),
        new BCEWithLogits().positiveWeight(1, 2, 0.5),
        new NLL(),
        new NLL(Reduction.SUM).weights(1, 3, 0.5),
        new NLL().ignoreIndex(1));
  }

  private static CrossEntropy everything() {
    return new CrossEntropy(Reduction.SUM).weights(1, 3, 0.5).ignoreIndex(-100).labelSmoothing(0.1);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aCopyComputesTheSameAndRemembersNothing(Loss loss) {
    Tensor target = target(loss);
    double value = loss.forward(PREDICTION, target);
    Loss copy = loss.copy();
    assertThat(copy).isNotSameAs(loss).hasSameClassAs(loss).hasToString(loss.toString());
    assertThat(copy.reduction()).isEqualTo(loss.reduction());
    assertThatIllegalStateException().isThrownBy(copy::backward);

    copy.forward(Tensor.full(7, 2, 3), target);
    assertThat(copy.forward(PREDICTION, target)).isEqualTo(value);
    assertThat(copy.backward().data()).containsExactly(loss.backward().data());
    assertThat(copy.divisor()).isEqualTo(loss.divisor());
  }

  private static Tensor target(Loss loss) {
    if (loss instanceof CrossEntropy || loss instanceof NLL) {
      return INDICES;
    }
    return loss instanceof BCEWithLogits ? PROBABILITIES : SIGNS;
  }

  @Test
  void noTwoOfThemAreDescribedAlike() {
    assertThat(losses().map(LossDescriptionTest::described)).doesNotHaveDuplicates().hasSize(23);
  }

  @Test
  void whatIsChangedInACopyLeavesTheOriginalAlone() {
    CrossEntropy loss = everything();
    CrossEntropy copy = (CrossEntropy) loss.copy();
    copy.weights(9, 9, 9).labelSmoothing(0).ignoreIndex(5);
    assertThat(loss)
        .hasToString(
            "CrossEntropy(sum, weight [1.0, 3.0, 0.5], ignoreIndex -100," + " labelSmoothing 0.1)");
  }

  @Test
  void settingsPrintWhereTheyAreNotTheUsualOnes() {
    assertThat(losses().map(Loss::toString))
        .containsExactly(
            "MSE",
            "MSE(sum)",
            "MSE(half)",
            "MSE(sum, half)",
            "Hinge",
            "Hinge(sum)",
            "CrossEntropy",
            "CrossEntropy(sum)",
            "CrossEntropy(weight [1.0, 3.0, 0.5])",
            "CrossEntropy(ignoreIndex 1)",
            "CrossEntropy(ignoreIndex 0)",
            "CrossEntropy(labelSmoothing 0.3)",
            everything().toString(),
            "L1",
            "L1(sum)",
            "Huber(delta 1.0)",
            "Huber(sum, delta 0.25)",
            "BCEWithLogits",
            "BCEWithLogits(sum, posWeight [3.0])",
            "BCEWithLogits(posWeight [1.0, 2.0, 0.5])",
            "NLL",
            "NLL(sum, weight [1.0, 3.0, 0.5])",
            "NLL(ignoreIndex 1)");
  }

  @Test
  void manyWeightsPrintInBrief() {
    assertThat(new CrossEntropy().weights(1, 2, 3, 4, 5, 6, 7, 8))
        .hasToString("CrossEntropy(weight [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])");
    double[] many = new double[1000];
    Arrays.fill(many, 0.25);
    assertThat(new CrossEntropy().weights(many))
        .hasToString("CrossEntropy(weight [0.25, 0.25, … 1000 in all])");
    assertThat(new CrossEntropy().weights(Arrays.copyOf(many, 9)))
        .hasToString("CrossEntropy(weight [0.25, 0.25, … 9 in all])");
  }

  @Test
  void descriptionsUseTheNamesOfPyTorch() {
    assertThat(MSE.half().describe().settings())
        .isEqualTo(Map.of("reduction", "mean", "half", true));
    assertThat(new Hinge(Reduction.SUM).describe().settings())
        .isEqualTo(Map.of("reduction", "sum"));
    assertThat(new CrossEntropy().describe().settings()).isEqualTo(Map.of("reduction", "mean"));
    assertThat(everything().describe().settings())
        .isEqualTo(
            Map.of(
                "reduction",
                "sum",
                "weight",
                List.of(1.0, 3.0, 0.5),
                "ignoreIndex",
                -100,
                "labelSmoothing",
                0.1));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void anotherJvmCanMakeOneToo(Loss loss) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(loss.describe().maker());
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Maker<?> maker = (Maker<?>) in.readObject();
      Object made = maker.make(Parts.ofSettings(loss.describe().settings()));
      assertThat(described((Loss) made)).isEqualTo(described(loss));
    }
  }

  @Test
  void settingsThatNoLossHasAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Hinge(Parts.ofSettings(Map.of("reduction", "none"))))
        .withMessage("reduction must be mean or sum, got none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CrossEntropy(Parts.ofSettings(Map.of())))
        .withMessageContaining("reduction");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MSE(Parts.ofSettings(Map.of("reduction", "sum"))))
        .withMessageContaining("half");
    Parts parts = Parts.ofSettings(Map.of("reduction", "mean", "labelSmoothing", 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CrossEntropy(parts))
        .withMessage("label smoothing must be in [0, 1], got 2.0");
  }

  /** Says nothing of itself. */
  private static class Zero extends Loss {
    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      gradient.fill(0);
      return 0;
    }
  }

  @Test
  void withoutADescriptionACopyIsRefusedWithWhatToAdd() {
    assertThat(new Zero()).hasToString("Zero");
    assertThatThrownBy(() -> new Zero().copy())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Zero does not say how it is made again; add: @Override public Description<Zero>"
                + " describe() { return Description.of(parts -> new Zero()); }");
  }

  @Test
  void anAnonymousClassHasANameInMessages() {
    Loss anonymous = new Zero() {};
    String name = "doppio.loss.LossDescriptionTest$1";
    assertThat(anonymous).hasToString(name);
    assertThatThrownBy(anonymous::copy)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            name
                + " does not say how it is made again; add: @Override public Description<MyLoss>"
                + " describe() { return Description.of(parts -> new MyLoss()); }");
    assertThatThrownBy(() -> anonymous.forward(Tensor.zeros(2), Tensor.zeros(3)))
        .hasMessage(name + " expects a target [2] but got [3]");
  }

  /** Described by whatever a test wants. */
  private static class Described extends Zero {
    private Description<? extends Loss> description;

    @Override
    public Description<? extends Loss> describe() {
      return description == null ? super.describe() : description;
    }
  }

  @Test
  void aDescriptionThatMakesSomethingElseIsRefused() {
    Described loss = new Described();
    loss.description = Description.of(parts -> new Hinge());
    refused(loss, "Described", "Hinge");
    loss.description = Description.of(parts -> loss);
    refused(loss, "Described", "Described");
    loss.description = Description.<Loss>of(parts -> null);
    refused(loss, "Described", "null");
    loss.description =
        Description.of(
                parts -> {
                  Described other = new Described();
                  other.description = Description.of(p -> new Described());
                  return other;
                })
            .set("p", 2);
    refused(loss, "Described(p 2)", "Described");

    Described heir = new Described() {};
    heir.description = Description.of(parts -> new Described());
    assertThatIllegalStateException().isThrownBy(heir::copy);
  }

  private static void refused(Loss loss, String printed, String made) {
    assertThatIllegalStateException()
        .isThrownBy(loss::copy)
        .withMessage("the description of " + printed + " makes no new loss like it but " + made);
  }

  private static String described(Loss loss) {
    return loss.getClass() + " " + loss.describe();
  }
}
