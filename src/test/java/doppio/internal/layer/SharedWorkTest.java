package doppio.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.RandomTensors;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrays so large that threads share them have the bits of their parts. */
class SharedWorkTest {
  private static final int PART = 1000;
  private static final int PARTS = 101;

  private final double[] x = RandomTensors.normal(1, PARTS * PART).data();
  private final double[] gy = RandomTensors.normal(2, PARTS * PART).data();

  @Test
  void everyElementOfALargeArrayHasItsOwnValueAndGradient() {
    for (Activation activation :
        List.of(new Gelu(), new Elu(0.7), new SmoothRectifier(), new Gate(1, 0.1))) {
      double[] y = new double[x.length];
      double[] gx = new double[x.length];
      activation.forward(x, y, x.length);
      activation.backward(x, gy, gx, x.length);
      for (int p = 0; p < PARTS; p++) {
        double[] value = new double[PART];
        double[] gradient = new double[PART];
        activation.forward(part(x, p), value, PART);
        activation.backward(part(x, p), part(gy, p), gradient, PART);
        assertThat(part(y, p)).isEqualTo(value);
        assertThat(part(gx, p)).isEqualTo(gradient);
      }
    }
  }

  @Test
  void everyRowOfManyHasItsOwnLogProbabilities() {
    int size = 20;
    double[] y = new double[x.length];
    double[] gx = new double[x.length];
    LogProbabilities.forward(x, y, x.length / size, size);
    LogProbabilities.backward(y, gy, gx, x.length / size, size);
    for (int p = 0; p < PARTS; p++) {
      double[] value = new double[PART];
      double[] gradient = new double[PART];
      LogProbabilities.forward(part(x, p), value, PART / size, size);
      LogProbabilities.backward(value, part(gy, p), gradient, PART / size, size);
      assertThat(part(y, p)).isEqualTo(value);
      assertThat(part(gx, p)).isEqualTo(gradient);
    }
  }

  private static double[] part(double[] all, int p) {
    return Arrays.copyOfRange(all, p * PART, (p + 1) * PART);
  }
}
