package doppio.internal.onnx.save;

import static doppio.internal.onnx.save.Emitter.attributes;

import doppio.internal.layer.Gelu;
import doppio.nn.ELU;
import doppio.nn.GELU;
import doppio.nn.LeakyReLU;
import doppio.nn.SiLU;
import doppio.nn.Softplus;

/**
 * The rows of activations that are no single operator, or are none for doubles in ONNX Runtime:
 * those are made of operators that it has.
 */
final class Activations {
  /** √(2/π), and what the cube has in the form of GELU with tanh. */
  private static final double STEEPNESS = 0.7978845608028654;

  private static final double CUBIC = 0.044715;

  private Activations() {}

  /** Of doubles max(x, 0) + α min(x, 0). */
  static String leakyRelu(Emitter e, LeakyReLU m, Value x) {
    if (!e.isDouble()) {
      return e.node("LeakyRelu", attributes("alpha", m.slope()), x.name());
    }
    String low = e.node("Min", x.name(), e.constant(0));
    return e.node("Add", rectified(e, x), e.node("Mul", low, e.constant(m.slope())));
  }

  /** Of doubles max(x, 0) + α (e^min(x, 0) − 1). */
  static String elu(Emitter e, ELU m, Value x) {
    if (!e.isDouble()) {
      return e.node("Elu", attributes("alpha", m.alpha()), x.name());
    }
    String low = e.node("Exp", e.node("Min", x.name(), e.constant(0)));
    String bend = e.node("Mul", e.node("Sub", low, e.constant(1)), e.constant(m.alpha()));
    return e.node("Add", rectified(e, x), bend);
  }

  /** Of doubles max(x, 0) + ln(1 + e^−|x|). */
  static String softplus(Emitter e, Softplus m, Value x) {
    if (!e.isDouble()) {
      return e.node("Softplus", x.name());
    }
    String small = e.node("Exp", e.node("Neg", e.node("Abs", x.name())));
    String log = e.node("Log", e.node("Add", small, e.constant(1)));
    return e.node("Add", rectified(e, x), log);
  }

  /**
   * Of doubles x / (1 + e^−x): ONNX Runtime makes an operator for floats alone of x · sigmoid(x).
   */
  static String silu(Emitter e, SiLU m, Value x) {
    if (!e.isDouble()) {
      return e.node("Mul", x.name(), e.node("Sigmoid", x.name()));
    }
    String power = e.node("Exp", e.node("Neg", x.name()));
    return e.node("Div", x.name(), e.node("Add", power, e.constant(1)));
  }

  static String gelu(Emitter e, GELU m, Value x) {
    if (m.isTanh()) {
      String cube = e.node("Mul", e.node("Mul", x.name(), x.name()), x.name());
      String sum = e.node("Add", x.name(), e.node("Mul", cube, e.constant(CUBIC)));
      return half(e, x, e.node("Tanh", e.node("Mul", sum, e.constant(STEEPNESS))));
    }
    if (e.isDouble()) {
      return byTail(e, x);
    }
    return half(e, x, e.node("Erf", e.node("Div", x.name(), e.constant(Math.sqrt(2)))));
  }

  /** ½ x (1 + gate). */
  private static String half(Emitter e, Value x, String gate) {
    String product = e.node("Mul", x.name(), e.node("Add", gate, e.constant(1)));
    return e.node("Mul", product, e.constant(0.5));
  }

  /** max(x, 0) − z·Q(z), as {@link Gelu} has it. */
  private static String byTail(Emitter e, Value x) {
    String z = e.node("Min", e.node("Abs", x.name()), e.constant(Gelu.MAX));
    String above = e.node("Sub", z, e.constant(Gelu.CENTRE));
    String u = e.node("Div", above, e.node("Add", z, e.constant(Gelu.CENTRE)));
    double[] p = Gelu.tail();
    String sum = e.constant(p[p.length - 1]);
    for (int k = p.length - 2; k >= 0; k--) {
      sum = e.node("Add", e.node("Mul", sum, u), e.constant(p[k]));
    }
    String square = e.node("Mul", e.node("Mul", z, z), e.constant(-0.5));
    String ratio = e.node("Div", sum, e.node("Add", z, e.constant(1)));
    String tail = e.node("Mul", e.node("Exp", square), ratio);
    return e.node("Sub", rectified(e, x), e.node("Mul", z, tail));
  }

  private static String rectified(Emitter e, Value x) {
    return e.node("Relu", x.name());
  }
}
