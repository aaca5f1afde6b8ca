package doppio.loss;

import static doppio.internal.Fma.fma;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Advice;
import doppio.internal.Require;
import doppio.internal.Shapes;
import doppio.internal.Signs;
import doppio.internal.Total;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Description;
import doppio.nn.Parts;
import java.util.Arrays;

/**
 * The cross-entropy between a softmax of logits and the target distribution: the mean over the rows
 * of −Σ w·t·log softmax(x), the sum over the classes; with {@link Reduction#SUM} the sum over the
 * rows.
 *
 * <p>Shapes: prediction {@code […, classes]}: logits of two classes or more, with no softmax
 * before. {@code [classes]} is a single row, {@code [n, classes]} has n, {@code [n, steps,
 * classes]} has n·steps. The classes are always the last dimension (PyTorch has them second). The
 * target's rank tells what it holds:
 *
 * <ul>
 *   <li>One rank less, the prediction's shape without the classes: class indices, whole numbers
 *       from 0.
 *   <li>The prediction's shape: probabilities t, each finite and not negative; as in PyTorch a
 *       row's sum is not checked.
 * </ul>
 *
 * <p>Weights: w is 1 unless {@link #weights} gives each class its own. With class indices y the
 * mean then is a weighted one, Σ w[y]·… / Σ w[y] over the rows that are not {@linkplain
 * #ignoreIndex ignored}; label smoothing does not change this divisor. With probabilities the
 * divisor is the number of rows, whatever the weights. All as in PyTorch, but for a mean over rows
 * that are all ignored, or weigh nothing: it is refused, where PyTorch gives NaN.
 *
 * <p>A logit counts by its distance from the largest of its row: large ones do not overflow, and a
 * number added to all logits of a row changes nothing (to the bit where the addition is exact).
 *
 * <p>Gradient: (softmax(x)·Σwt − w·t) / divisor, where Σwt = 1 for a distribution without weights;
 * zeros in an ignored row. As a sum, the same without the divisor.
 *
 * <pre>{@code
 * Loss loss = new CrossEntropy().weights(1, 1, 4).ignoreIndex(-100);
 * double value = loss.forward(logits, Tensor.of(0, 2, -100, 1));
 * }</pre>
 *
 * <p>Source: {@code torch.nn.CrossEntropyLoss}; label smoothing from Szegedy et al., "Rethinking
 * the Inception architecture for computer vision" (2016), section 7.
 */
public final class CrossEntropy extends Loss {
  private static final String IGNORE_INDEX = "ignoreIndex";
  private static final String LABEL_SMOOTHING = "labelSmoothing";

  /** One a class, or null where all are 1. */
  private double[] weight;

  /** NaN, which equals no target, where none is ignored. */
  private double ignored = Double.NaN;

  private double smoothing;
  private boolean looked;

  /** The mean cross-entropy. */
  public CrossEntropy() {
    this(Reduction.MEAN);
  }

  /** The mean or the sum of the rows' cross-entropies. */
  public CrossEntropy(Reduction reduction) {
    super(reduction);
  }

  /** One like that which {@link #describe} describes. */
  public CrossEntropy(Parts parts) {
    this(Reduction.of(parts));
    if (parts.has(ClassWeights.SETTING)) {
      weights(parts.numbers(ClassWeights.SETTING));
    }
    if (parts.has(IGNORE_INDEX)) {
      ignoreIndex(parts.integer(IGNORE_INDEX));
    }
    if (parts.has(LABEL_SMOOTHING)) {
      labelSmoothing(parts.number(LABEL_SMOOTHING));
    }
  }

  /**
   * Has each class count by a weight of its own. Holds from the next {@link #forward} on; at first
   * all are 1.
   *
   * @param weights one a class, in their order; copied
   * @return this loss
   * @throws IllegalArgumentException if one is negative or not finite, or none is above 0
   */
  public CrossEntropy weights(double... weights) {
    weight = ClassWeights.checked(weights);
    return this;
  }

  /**
   * Leaves out the rows whose class index is this one: they add nothing to the sum, the divisor and
   * the gradient. It may be a class or, for padding say, a number that is none. Holds from the next
   * {@link #forward} on; at first no index is ignored (PyTorch ignores −100 unless told otherwise).
   *
   * <p>For targets that are class indices. Probabilities are refused where a class is ignored, for
   * they have no index that could be it.
   *
   * @return this loss
   */
  public CrossEntropy ignoreIndex(int index) {
    ignored = index;
    return this;
  }

  /**
   * Mixes the targets with the uniform distribution: t ← (1 − smoothing)·t + smoothing / classes.
   * Holds from the next {@link #forward} on; 0 at first.
   *
   * @return this loss
   * @throws IllegalArgumentException if the smoothing is not in [0, 1]
   */
  public CrossEntropy labelSmoothing(double smoothing) {
    this.smoothing = Require.share("label smoothing", smoothing);
    return this;
  }

  /**
   * The setting {@code reduction} (mean or sum) and, as far as they are used, {@code weight},
   * {@code ignoreIndex} and {@code labelSmoothing}.
   */
  @Override
  public Description<CrossEntropy> describe() {
    Description<CrossEntropy> description =
        Description.of(CrossEntropy::new).set(Reduction.SETTING, reduction().text());
    if (weight != null) {
      description.set(ClassWeights.SETTING, weight);
    }
    if (!Double.isNaN(ignored)) {
      description.set(IGNORE_INDEX, (int) ignored);
    }
    if (smoothing > 0) {
      description.set(LABEL_SMOOTHING, smoothing);
    }
    return description;
  }

  @Override
  protected void check(Tensor prediction, Tensor target) {
    if (prediction.rank() == 0) {
      throw new ShapeException(this + Signs.text(" expects logits […, classes] but got []"));
    }
    int classes = prediction.dim(-1);
    ClassWeights.requireFor(this, weight, "logits", prediction);
    if (classes < 2) {
      throw new ShapeException(
          this
              + Signs.text(" expects logits […, classes] of two classes or more but got ")
              + Shapes.text(prediction)
              + ": the softmax of one output is 1 whatever it is; use BCEWithLogits, or two outputs");
    }
    ClassTargets.check(this, prediction, target, ignored);
  }

  /** The rows that count, by their weights. */
  @Override
  protected double computeDivisor(Tensor prediction, Tensor target) {
    if (reduction() == Reduction.SUM || target.rank() == prediction.rank()) {
      return reduction().divisor(prediction.size() / prediction.dim(-1));
    }
    double divisor = ClassWeights.sum(weight, target, ignored);
    if (divisor == 0 && smoothing > 0 && countsAny(target)) {
      // The sum is not 0, so these rows cannot be left out as if they were ignored.
      throw new IllegalArgumentException(
          this
              + " expects a class that weighs something: label smoothing gives the rows of this"
              + " batch a sum, but their weights, by which it is divided, are all 0");
    }
    return divisor;
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] x = prediction.data();
    double[] g = gradient.data();
    int classes = prediction.dim(-1);
    int rows = x.length / classes;
    boolean indices = target.rank() < prediction.rank();
    double divisor = runningDivisor();
    lookOnce(x, classes);
    exponentials(x, g, rows, classes);
    Total total = new Total(rows);
    Total sums = new Total(classes);
    Total losses = new Total(classes);
    for (int row = 0; row < rows; row++) {
      int from = row * classes;
      if (indices && target.data()[row] == ignored) {
        Arrays.fill(g, from, from + classes, 0);
        continue;
      }
      double max = max(x, from, classes);
      sums.clear();
      for (int i = from; i < from + classes; i++) {
        sums.add(g[i]);
      }
      double sum = sums.value();
      double logSum = StrictMath.log(sum);
      sums.clear();
      losses.clear();
      for (int c = 0; c < classes; c++) {
        double t = weighted(target.data(), indices, row, c, classes);
        sums.add(t);
        // A class that no target asks for may have a logit of −∞, and 0·∞ is no number.
        losses.add(t == 0 ? 0 : t * (logSum - (x[from + c] - max)));
      }
      double mass = sums.value();
      for (int c = 0; c < classes; c++) {
        double t = weighted(target.data(), indices, row, c, classes);
        g[from + c] = (g[from + c] / sum * mass - t) / divisor;
      }
      total.add(losses.value());
    }
    return reduced(total.value());
  }

  /** The first batch tells: no logits of all rows happen to be probabilities. */
  private void lookOnce(double[] x, int classes) {
    if (!looked) {
      looked = true;
      if (Probabilities.are(x, classes)) {
        Advice.SOFTMAX_TWICE.give();
      }
    }
  }

  /** g = e^(x − max x), row by row. */
  private static void exponentials(double[] x, double[] g, int rows, int classes) {
    for (int from = 0; from < rows * classes; from += classes) {
      double max = max(x, from, classes);
      for (int i = from; i < from + classes; i++) {
        g[i] = x[i] - max;
      }
    }
    KernelChoice.kernels().exp(g, 0, g, 0, rows * classes);
  }

  /** The smoothed probability of class c in a row, times the class's weight. */
  private double weighted(double[] target, boolean indices, int row, int c, int classes) {
    double t = indices ? (target[row] == c ? 1 : 0) : target[row * classes + c];
    return ClassWeights.of(weight, c) * fma(1 - smoothing, t, smoothing / classes);
  }

  private boolean countsAny(Tensor target) {
    for (double y : target.data()) {
      if (y != ignored) {
        return true;
      }
    }
    return false;
  }

  private static double max(double[] x, int from, int length) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + length; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }
}
