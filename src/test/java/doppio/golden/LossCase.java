package doppio.golden;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.loss.Hinge;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.loss.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A loss with a prediction and a target, whose numbers are compared with PyTorch's.
 *
 * @param name unlike that of any other case of the list
 * @param kind which loss
 * @param reduction mean or sum
 * @param smoothing the label smoothing; 0 but for the cross-entropy
 * @param weights one a class, or null for none
 * @param ignored a class index to ignore, one that is no class for none
 */
public record LossCase(
    String name,
    Kind kind,
    Reduction reduction,
    double smoothing,
    Tensor weights,
    int ignored,
    Tensor prediction,
    Tensor target) {

  /** What PyTorch ignores unless told otherwise. */
  private static final int NONE = -100;

  /** The losses. */
  public enum Kind {
    MSE,
    HALF_MSE,
    HINGE,
    CROSS_ENTROPY
  }

  /** Every loss, reduction, target form and some smoothing, on random numbers in random shapes. */
  public static List<LossCase> all(long seed) {
    Generator g = new Generator(seed);
    List<LossCase> cases = new ArrayList<>();
    for (Reduction reduction : Reduction.values()) {
      for (Kind kind : List.of(Kind.MSE, Kind.HALF_MSE, Kind.HINGE)) {
        for (int rank = 0; rank <= 3; rank++) {
          Tensor prediction = normal(g, shape(g, rank));
          Tensor target = normal(g, prediction.shape());
          if (kind == Kind.HINGE) {
            signs(target.data());
            // One prediction on the margin, where the sub-gradient is 0.
            prediction.data()[0] = target.data()[0];
          }
          String name = kind + " " + reduction + " rank " + rank;
          cases.add(new LossCase(name, kind, reduction, 0, null, NONE, prediction, target));
        }
      }
      for (double smoothing : new double[] {0, 0.1, 0.75, 1}) {
        for (int rank = 1; rank <= 2; rank++) {
          for (boolean indices : new boolean[] {true, false}) {
            Tensor logits = normal(g, shape(g, rank));
            String target = indices ? "indices" : "probabilities";
            cases.add(
                new LossCase(
                    "CROSS_ENTROPY " + reduction + " " + smoothing + " " + target + " rank " + rank,
                    Kind.CROSS_ENTROPY,
                    reduction,
                    smoothing,
                    null,
                    NONE,
                    logits,
                    indices ? indices(g, logits) : probabilities(g, logits)));
          }
        }
      }
    }
    for (Reduction reduction : Reduction.values()) {
      for (double smoothing : new double[] {0, 0.3}) {
        for (int rank = 1; rank <= 4; rank++) {
          for (boolean weighted : new boolean[] {true, false}) {
            cases.add(ignoring(g, reduction, smoothing, rank, weighted));
          }
          cases.add(weighted(g, reduction, smoothing, rank));
        }
      }
    }
    // One output is no choice among classes, and refused.
    cases.removeIf(c -> c.kind == Kind.CROSS_ENTROPY && c.prediction.dim(-1) < 2);
    return cases;
  }

  /** Class indices, the first class ignored in every other case. */
  private static LossCase ignoring(
      Generator g, Reduction reduction, double smoothing, int rank, boolean weighted) {
    int[] shape = shape(g, rank, 4);
    // Two classes at least, or none may be left.
    shape[rank - 1]++;
    Tensor logits = normal(g, shape);
    int ignored = g.random32() % 2 == 0 ? 0 : NONE;
    Tensor indices = indices(g, logits);
    for (int i = 0; i < indices.size(); i += 3) {
      indices.data()[i] = ignored;
    }
    indices.data()[indices.size() - 1] = 1;
    return new LossCase(
        String.format(
            Locale.ROOT,
            "CROSS_ENTROPY %s %s indices%s, %d ignored, rank %d",
            reduction,
            smoothing,
            weighted ? ", weighted" : "",
            ignored,
            rank),
        Kind.CROSS_ENTROPY,
        reduction,
        smoothing,
        weighted ? weights(g, logits) : null,
        ignored,
        logits,
        indices);
  }

  private static LossCase weighted(Generator g, Reduction reduction, double smoothing, int rank) {
    Tensor logits = normal(g, shape(g, rank, 4));
    return new LossCase(
        String.format(
            Locale.ROOT,
            "CROSS_ENTROPY %s %s probabilities, weighted, rank %d",
            reduction,
            smoothing,
            rank),
        Kind.CROSS_ENTROPY,
        reduction,
        smoothing,
        weights(g, logits),
        NONE,
        logits,
        probabilities(g, logits));
  }

  /** The loss itself. */
  public Loss loss() {
    return switch (kind) {
      case MSE -> new MSE(reduction);
      case HALF_MSE -> MSE.half(reduction);
      case HINGE -> new Hinge(reduction);
      case CROSS_ENTROPY -> crossEntropy();
    };
  }

  /** The value and the gradient as Doppio computes them. */
  public Map<String, Tensor> results() {
    Loss loss = loss();
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("value", Tensor.full(loss.forward(prediction, target)));
    results.put("gradient", loss.backward());
    return results;
  }

  private CrossEntropy crossEntropy() {
    CrossEntropy loss = new CrossEntropy(reduction).labelSmoothing(smoothing).ignoreIndex(ignored);
    return weights == null ? loss : loss.weights(weights.data());
  }

  private static int[] shape(Generator g, int rank) {
    return shape(g, rank, 9);
  }

  private static int[] shape(Generator g, int rank, int largest) {
    int[] shape = new int[rank];
    for (int d = 0; d < rank; d++) {
      shape[d] = 1 + (int) (g.random32() % largest);
    }
    return shape;
  }

  private static Tensor normal(Generator g, int[] shape) {
    Tensor t = Tensor.zeros(shape);
    g.normal(t.data(), 0, 2);
    return t;
  }

  private static void signs(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] < 0 ? -1 : 1;
    }
  }

  private static Tensor indices(Generator g, Tensor logits) {
    Tensor t = Tensor.zeros(Arrays.copyOf(logits.shape(), logits.rank() - 1));
    for (int i = 0; i < t.size(); i++) {
      t.data()[i] = g.random32() % logits.dim(-1);
    }
    return t;
  }

  private static Tensor weights(Generator g, Tensor logits) {
    Tensor t = Tensor.zeros(logits.dim(-1));
    g.uniform(t.data(), 0.1, 3);
    return t;
  }

  /** Rows that sum to about 1; PyTorch does not ask for more. */
  private static Tensor probabilities(Generator g, Tensor logits) {
    Tensor t = Tensor.zeros(logits.shape());
    g.uniform(t.data(), 0, 2.0 / logits.dim(-1));
    return t;
  }
}
