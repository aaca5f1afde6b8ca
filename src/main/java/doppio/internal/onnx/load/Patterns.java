package doppio.internal.onnx.load;

import doppio.Tensor;
import doppio.internal.onnx.load.Binary.Kind;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.Description;
import doppio.nn.GELU;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import doppio.nn.SiLU;
import doppio.nn.Sigmoid;
import doppio.nn.Tanh;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Layers that exporters spell out, found at their last operator: a product and a sum, GELU, SiLU,
 * layer normalisation. The steps that a layer replaces stay where something else reads them.
 */
final class Patterns {
  /** What constants may be off by: they are rounded to floats. */
  private static final double TOLERANCE = 1e-6;

  private static final double CUBIC = 0.044715;

  private final GraphBuilder graph;
  private final Site site;

  private Patterns(Site site) {
    this.site = site;
    graph = site.graph();
  }

  /** Gives the result of a layer that ends in this operator; false if there is none. */
  static boolean found(Site site, Kind kind, int a, int b) {
    Bends.Found bend = new Bends(site.graph()).find(kind, a, b);
    if (bend != null) {
      site.give(bend.module(), Rules.same(), bend.x());
      return true;
    }
    Patterns patterns = new Patterns(site);
    return switch (kind) {
      case ADD -> patterns.sum(a, b) || patterns.sum(b, a);
      case MUL -> patterns.gate(a, b);
      default -> false;
    };
  }

  /** Something plus a constant. */
  private boolean sum(int x, int c) {
    Step before = graph.producer(x);
    Tensor constant = graph.fact(c).constant();
    if (before == null || constant == null || graph.fact(c).whole()) {
      return false;
    }
    if (before.module() instanceof Linear linear && linear.bias() == null) {
      int out = linear.outFeatures();
      if (!ProductRows.isBias(constant, out) || constant.rank() > graph.fact(x).rank()) {
        return false;
      }
      Parameter bias = ProductRows.bias(graph, c, out, 1);
      if (bias == null) {
        return false;
      }
      site.give(
          new Linear(linear.weight(), bias),
          Rules.linear(linear.inFeatures(), out),
          before.in()[0]);
      return true;
    }
    return channelBias(before, c, constant) || layerNorm(before, c);
  }

  /** A convolution without bias, and a number for each of its channels. */
  private boolean channelBias(Step convolution, int c, Tensor constant) {
    int origin = graph.origin(c);
    Tensor bias = origin < 0 ? null : graph.fact(origin).constant();
    boolean fits =
        bias != null && bias.rank() == 1 && constant.rank() > 1 && constant.dim(0) == bias.size();
    if (!fits) {
      return false;
    }
    if (convolution.module() instanceof Conv1d m && m.bias() == null && constant.rank() == 2) {
      return give(convolution, m.describe(), bias, m.weight(), origin);
    }
    if (convolution.module() instanceof Conv2d m && m.bias() == null && constant.rank() == 3) {
      return give(convolution, m.describe(), bias, m.weight(), origin);
    }
    return false;
  }

  /** Gives the result of the same convolution with a bias. */
  private boolean give(
      Step before, Description<?> same, Tensor bias, Parameter weight, int origin) {
    if (bias.size() != weight.value().dim(0)) {
      return false;
    }
    Map<String, Parameter> parameters = Map.of("weight", weight, "bias", graph.parameter(origin));
    Parts parts = new Parts(same.settings(), parameters, Map.of(), Map.of(), Map.of());
    site.give((Module) same.maker().make(parts), before.function(), before.in()[0]);
    return true;
  }

  /** (x − mean) / √(mean of squares + ε) · γ + β. */
  private boolean layerNorm(Step product, int beta) {
    if (!is(product, Kind.MUL)) {
      return false;
    }
    for (int k = 0; k < 2; k++) {
      int gamma = product.in()[k];
      Tensor scale = graph.fact(gamma).constant();
      Step quotient = graph.producer(product.in()[1 - k]);
      if (scale != null && scale.rank() > 0 && is(quotient, Kind.DIV)) {
        int x = centred(quotient.in()[0], scale.rank());
        double eps = x < 0 ? Double.NaN : deviation(quotient, x, scale.rank());
        if (eps >= 0 && scale.sameShape(graph.fact(beta).constant())) {
          LayerNorm norm =
              LayerRows.layerNorm(graph.parameter(gamma), graph.parameter(beta), site.meant(eps));
          site.give(norm, Rules.same(), x);
          return true;
        }
      }
    }
    return false;
  }

  /** The x of x minus its mean over the last dimensions, −1 if it is something else. */
  private int centred(int slot, int dimensions) {
    Step difference = graph.producer(slot);
    if (!is(difference, Kind.SUB)) {
      return -1;
    }
    Step mean = graph.producer(difference.in()[1]);
    boolean fits =
        mean != null
            && mean.function() instanceof Reduction r
            && r.isMeanOverLast(dimensions)
            && mean.in()[0] == difference.in()[0];
    return fits ? difference.in()[0] : -1;
  }

  /** The ε of the root of the mean of the squares of x minus its mean, plus ε; else NaN. */
  private double deviation(Step quotient, int x, int dimensions) {
    Step root = graph.producer(quotient.in()[1]);
    if (root == null || !Unary.SQRT.equals(root.function())) {
      return Double.NaN;
    }
    Step sum = graph.producer(root.in()[0]);
    if (!is(sum, Kind.ADD)) {
      return Double.NaN;
    }
    double eps = graph.fact(sum.in()[1]).scalar();
    Step mean = graph.producer(sum.in()[0]);
    if (mean == null
        || !(mean.function() instanceof Reduction r)
        || !r.isMeanOverLast(dimensions)) {
      return Double.NaN;
    }
    Step square = graph.producer(mean.in()[0]);
    boolean power = is(square, Kind.POW) && graph.fact(square.in()[1]).scalar() == 2;
    boolean product = is(square, Kind.MUL) && square.in()[0] == square.in()[1];
    boolean fits = (power || product) && centred(square.in()[0], dimensions) == x;
    return fits ? eps : Double.NaN;
  }

  /** x times a gate of x: x · ½ (1 + erf(x/√2)) or x · sigmoid(x), in any order. */
  private boolean gate(int a, int b) {
    List<Integer> factors = new ArrayList<>();
    if (!collect(a, factors, 2) || !collect(b, factors, 2)) {
      return false;
    }
    double constant = 1;
    List<Integer> others = new ArrayList<>();
    for (int slot : factors) {
      double scalar = graph.fact(slot).scalar();
      if (Double.isNaN(scalar)) {
        others.add(slot);
      } else {
        constant *= scalar;
      }
    }
    if (others.size() != 2) {
      return false;
    }
    return gate(others.get(0), others.get(1), constant)
        || gate(others.get(1), others.get(0), constant);
  }

  private boolean gate(int x, int gate, double constant) {
    Step step = graph.producer(gate);
    Module layer = null;
    if (step != null && step.module() instanceof Sigmoid && step.in()[0] == x && constant == 1) {
      layer = new SiLU();
    } else if (near(constant, 0.5) && isErrorFunction(step, x)) {
      layer = new GELU();
    } else if (near(constant, 0.5) && isTanh(step, x)) {
      layer = GELU.tanh();
    }
    if (layer != null) {
      site.give(layer, Rules.same(), x);
    }
    return layer != null;
  }

  /** Whether a step is 1 + erf(x/√2). */
  private boolean isErrorFunction(Step sum, int x) {
    if (!is(sum, Kind.ADD)) {
      return false;
    }
    for (int k = 0; k < 2; k++) {
      Step erf = graph.producer(sum.in()[k]);
      if (erf != null
          && Unary.ERF.equals(erf.function())
          && graph.fact(sum.in()[1 - k]).scalar() == 1) {
        return isScaled(graph.producer(erf.in()[0]), x);
      }
    }
    return false;
  }

  private boolean isScaled(Step step, int x) {
    if (is(step, Kind.DIV)) {
      return step.in()[0] == x && near(graph.fact(step.in()[1]).scalar(), Math.sqrt(2));
    }
    for (int k = 0; k < 2 && is(step, Kind.MUL); k++) {
      if (step.in()[k] == x && near(graph.fact(step.in()[1 - k]).scalar(), Math.sqrt(0.5))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a step is 1 + tanh(√(2/π) (x + 0.044715 x³)). */
  private boolean isTanh(Step sum, int x) {
    for (int k = 0; k < 2 && is(sum, Kind.ADD); k++) {
      Step tanh = graph.producer(sum.in()[k]);
      if (tanh != null
          && tanh.module() instanceof Tanh
          && graph.fact(sum.in()[1 - k]).scalar() == 1) {
        Step inner = graph.producer(multiple(tanh.in()[0], Math.sqrt(2 / Math.PI)));
        for (int j = 0; j < 2 && is(inner, Kind.ADD); j++) {
          if (inner.in()[j] == x && isCube(inner.in()[1 - j], x)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** What is multiplied by a number, −1 if it is something else. */
  private int multiple(int slot, double factor) {
    Step product = graph.producer(slot);
    for (int k = 0; k < 2 && is(product, Kind.MUL); k++) {
      if (near(graph.fact(product.in()[k]).scalar(), factor)) {
        return product.in()[1 - k];
      }
    }
    return -1;
  }

  /** Whether a value is 0.044715 x³. */
  private boolean isCube(int slot, int x) {
    Step power = graph.producer(multiple(slot, CUBIC));
    if (is(power, Kind.POW)) {
      return power.in()[0] == x && graph.fact(power.in()[1]).scalar() == 3;
    }
    List<Integer> factors = new ArrayList<>();
    boolean few = collect(slot, factors, 3);
    boolean scaled = factors.removeIf(f -> near(graph.fact(f).scalar(), CUBIC));
    return few && scaled && factors.size() == 3 && factors.stream().allMatch(f -> f == x);
  }

  /** The factors of a product, at most four. */
  private boolean collect(int slot, List<Integer> factors, int depth) {
    Step step = graph.producer(slot);
    if (depth > 0 && is(step, Kind.MUL)) {
      return collect(step.in()[0], factors, depth - 1) && collect(step.in()[1], factors, depth - 1);
    }
    factors.add(slot);
    return factors.size() <= 4;
  }

  private static boolean near(double a, double b) {
    return Math.abs(a - b) <= TOLERANCE;
  }

  private static boolean is(Step step, Kind kind) {
    return step != null && step.function() instanceof Binary b && b.is(kind);
  }
}
