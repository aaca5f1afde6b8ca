package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;

/** A function of two numbers, element by element, with broadcasting. */
final class Binary extends Function {
  /** Stands for: aligned at the last dimensions. */
  static final int NO_AXIS = Integer.MIN_VALUE;

  private final Kind kind;
  private final int axis;

  /** Which function it is, with its partial derivatives. */
  enum Kind {
    ADD {
      @Override
      double value(double a, double b) {
        return a + b;
      }

      @Override
      double slope(double a, double b, int k) {
        return 1;
      }
    },
    SUB {
      @Override
      double value(double a, double b) {
        return a - b;
      }

      @Override
      double slope(double a, double b, int k) {
        return k == 0 ? 1 : -1;
      }
    },
    MUL {
      @Override
      double value(double a, double b) {
        return a * b;
      }

      @Override
      double slope(double a, double b, int k) {
        return k == 0 ? b : a;
      }
    },
    DIV {
      @Override
      double value(double a, double b) {
        return a / b;
      }

      @Override
      double slope(double a, double b, int k) {
        return k == 0 ? 1 / b : -a / (b * b);
      }
    },
    /** Of whole numbers: the quotient without its fraction. */
    WHOLE_DIV {
      @Override
      double value(double a, double b) {
        double quotient = a / b;
        return quotient < 0 ? Math.ceil(quotient) : Math.floor(quotient);
      }

      @Override
      double slope(double a, double b, int k) {
        return 0;
      }
    },
    POW {
      @Override
      double value(double a, double b) {
        return b == 2 ? a * a : StrictMath.pow(a, b);
      }

      @Override
      double slope(double a, double b, int k) {
        if (k == 0) {
          return b == 0 ? 0 : b * StrictMath.pow(a, b - 1);
        }
        return StrictMath.pow(a, b) * StrictMath.log(a);
      }
    },
    MIN {
      @Override
      double value(double a, double b) {
        return Math.min(a, b);
      }

      @Override
      double slope(double a, double b, int k) {
        return a == b ? 0.5 : (a < b) == (k == 0) ? 1 : 0;
      }
    },
    MAX {
      @Override
      double value(double a, double b) {
        return Math.max(a, b);
      }

      @Override
      double slope(double a, double b, int k) {
        return a == b ? 0.5 : (a > b) == (k == 0) ? 1 : 0;
      }
    },
    /** The rectifier whose slope for negative numbers is the second argument. */
    PRELU {
      @Override
      double value(double a, double b) {
        return a < 0 ? a * b : a;
      }

      @Override
      double slope(double a, double b, int k) {
        return k == 0 ? (a < 0 ? b : 1) : Math.min(a, 0);
      }
    };

    abstract double value(double a, double b);

    /** The derivative by the first (k = 0) or the second. */
    abstract double slope(double a, double b, int k);
  }

  Binary(Kind kind) {
    this(kind, NO_AXIS);
  }

  /** One whose second argument's first dimension is the given one of the first argument. */
  Binary(Kind kind, int axis) {
    this.kind = kind;
    this.axis = axis;
  }

  boolean is(Kind other) {
    return kind == other;
  }

  @Override
  boolean isDifferentiable(int k) {
    return true;
  }

  @Override
  int[] shape(Argument[] in) {
    return Broadcast.shape(in[0].shape(), aligned(in[0].shape(), in[1].shape()));
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    double[] a = in[0].data();
    double[] b = in[1].data();
    double[] values = y.data();
    broadcast(in)
        .forEachRow(
            (y0, a0, da, b0, db, length) -> {
              for (int i = 0; i < length; i++) {
                values[y0 + i] = kind.value(a[a0 + i * da], b[b0 + i * db]);
              }
            });
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    double[] a = in[0].data();
    double[] b = in[1].data();
    double[] g = gy.data();
    double[] sum = gx.data();
    Arrays.fill(sum, 0);
    broadcast(in)
        .forEachRow(
            (y0, a0, da, b0, db, length) -> {
              for (int i = 0; i < length; i++) {
                int at = k == 0 ? a0 + i * da : b0 + i * db;
                sum[at] += g[y0 + i] * kind.slope(a[a0 + i * da], b[b0 + i * db], k);
              }
            });
  }

  private Broadcast broadcast(Tensor[] in) {
    return new Broadcast(in[0].shape(), aligned(in[0].shape(), in[1].shape()));
  }

  /** The shape of b with a 1 for each dimension of a behind its own. */
  private int[] aligned(int[] a, int[] b) {
    if (axis == NO_AXIS) {
      return b;
    }
    int first = axis < 0 ? axis + a.length : axis;
    int behind = a.length - first - b.length;
    if (first < 0 || behind < 0) {
      throw new ShapeException(
          "axis " + axis + " does not place " + Arrays.toString(b) + " in " + Arrays.toString(a));
    }
    int[] shape = Arrays.copyOf(b, b.length + behind);
    Arrays.fill(shape, b.length, shape.length, 1);
    return shape;
  }
}
