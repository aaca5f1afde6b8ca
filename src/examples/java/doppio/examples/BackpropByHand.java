package doppio.examples;

import doppio.Tensor;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * Backpropagation through a 2–3–1 network with every number shown: first calculated from its
 * formula with plain arithmetic, then as the library has it.
 *
 * <p>All weights are sums of a few powers of two, so no rounding hides a mistake. The second hidden
 * unit is off: its delta is 0.
 */
public final class BackpropByHand {
  private static final double[] X = {1, 2};
  private static final double Y = 1;
  private static final double[][] W1 = {{0.5, 1}, {-1, 0.25}, {1.5, -0.5}};
  private static final double[] B1 = {0.25, -0.5, 0};
  private static final double[] W2 = {0.5, 1, -1};
  private static final double B2 = 0.25;

  private int compared;
  private double largestDifference;

  private BackpropByHand() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) {
    Options.of("Every number of one backward pass beside its formula.").parse(args);
    new BackpropByHand().run();
  }

  private void run() {
    Linear first = new Linear(new Parameter(Tensor.of(W1)), new Parameter(Tensor.of(B1)));
    ReLU relu = new ReLU();
    Linear second =
        new Linear(new Parameter(Tensor.of(new double[][] {W2})), new Parameter(Tensor.of(B2)));
    Loss loss = MSE.half();

    Tensor z = first.forward(Tensor.of(X));
    Tensor a = relu.forward(z);
    Tensor prediction = second.forward(a);
    double error = loss.forward(prediction, Tensor.of(Y));

    Tensor deltaOut = loss.backward();
    Tensor gradA = second.backward(deltaOut);
    Tensor delta = relu.backward(gradA);
    Tensor gradX = first.backward(delta);

    System.out.println("A 2-3-1 network: x -> z = W1 x + b1 -> a = max(0, z) -> p = W2 a + b2,");
    System.out.println(
        "and the loss E = (p - y)^2 / 2. The derivative dE/dv is written dv; that of");
    System.out.println("a pre-activation is a delta: delta for p, delta1 to delta3 for z1 to z3.");

    title("Forward: the hidden layer");
    double[] handZ = new double[3];
    double[] handA = new double[3];
    for (int j = 0; j < 3; j++) {
      handZ[j] = W1[j][0] * X[0] + W1[j][1] * X[1] + B1[j];
      show("z" + (j + 1), sum(W1[j], X) + " + " + term(B1[j]), handZ[j], z.get(j));
    }
    for (int j = 0; j < 3; j++) {
      handA[j] = Math.max(0, handZ[j]);
      show("a" + (j + 1), "max(0, " + text(handZ[j]) + ")", handA[j], a.get(j));
    }

    title("Forward: the output (identity) and the loss");
    double handP = W2[0] * handA[0] + W2[1] * handA[1] + W2[2] * handA[2] + B2;
    show("p", sum(W2, handA) + " + " + term(B2), handP, prediction.get(0));
    double handE = (handP - Y) * (handP - Y) / 2;
    show("E", "(" + text(handP) + " - " + text(Y) + ")^2 / 2", handE, error);

    title("Backward: the output, delta = p - y, dW2 = delta a, db2 = delta");
    double handOut = handP - Y;
    show("delta", text(handP) + " - " + text(Y), handOut, deltaOut.get(0));
    for (int j = 0; j < 3; j++) {
      String formula = product(handOut, handA[j]);
      show("dW2_" + (j + 1), formula, handOut * handA[j], second.weight().grad().get(0, j));
    }
    show("db2", text(handOut), handOut, second.bias().grad().get(0));

    title("Backward: the hidden layer, da_j = W2_j delta, delta_j = da_j where z_j > 0, else 0");
    double[] handDelta = new double[3];
    for (int j = 0; j < 3; j++) {
      double handGradA = W2[j] * handOut;
      show("da" + (j + 1), product(W2[j], handOut), handGradA, gradA.get(j));
      handDelta[j] = handZ[j] > 0 ? handGradA : 0;
      String formula =
          handZ[j] > 0
              ? text(handGradA) + ", because z" + (j + 1) + " = " + text(handZ[j]) + " > 0"
              : "0, because z" + (j + 1) + " = " + text(handZ[j]) + " <= 0";
      show("delta" + (j + 1), formula, handDelta[j], delta.get(j));
    }

    title("Backward: dW1_ji = delta_j x_i, db1_j = delta_j");
    for (int j = 0; j < 3; j++) {
      for (int i = 0; i < 2; i++) {
        String name = "dW1_" + (j + 1) + (i + 1);
        double byHand = handDelta[j] * X[i];
        show(name, product(handDelta[j], X[i]), byHand, first.weight().grad().get(j, i));
      }
      show("db1_" + (j + 1), text(handDelta[j]), handDelta[j], first.bias().grad().get(j));
    }

    title("Backward: the input, dx_i = sum over j of W1_ji delta_j");
    for (int i = 0; i < 2; i++) {
      double[] column = {W1[0][i], W1[1][i], W1[2][i]};
      double byHand =
          column[0] * handDelta[0] + column[1] * handDelta[1] + column[2] * handDelta[2];
      show("dx" + (i + 1), sum(column, handDelta), byHand, gradX.get(i));
    }

    System.out.println();
    System.out.println(
        largestDifference == 0
            ? "All " + compared + " numbers agree exactly."
            : "Of " + compared + " numbers the largest difference is " + largestDifference + ".");
  }

  private void show(String name, String formula, double byHand, double library) {
    double difference = Math.abs(byHand - library);
    compared++;
    largestDifference = Math.max(largestDifference, difference);
    System.out.println(
        String.format(
            Locale.ROOT,
            "  %-6s = %-44s = %10s   library %10s  %s",
            name,
            formula,
            text(byHand),
            text(library),
            difference == 0 ? "agrees" : "differs by " + difference));
  }

  private static void title(String text) {
    System.out.println();
    System.out.println(text);
  }

  /** u1*v1 + u2*v2 + … with the numbers put in. */
  private static String sum(double[] u, double[] v) {
    StringBuilder s = new StringBuilder(product(u[0], v[0]));
    for (int k = 1; k < u.length; k++) {
      s.append(" + ").append(product(u[k], v[k]));
    }
    return s.toString();
  }

  private static String product(double u, double v) {
    return term(u) + "*" + term(v);
  }

  /** The number, a negative one in brackets. */
  private static String term(double value) {
    return value < 0 ? "(" + text(value) + ")" : text(value);
  }

  /** The number in full, without needless zeros. */
  private static String text(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }
}
