package doppio.examples;

import doppio.Tensor;
import doppio.nn.LeakyReLU;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sigmoid;
import doppio.nn.Tanh;
import java.util.Arrays;
import java.util.Locale;

/** Five questions about vanishing gradients, answered from what was measured. */
final class VanishingAnswers {
  /** An accuracy below this one, of 10 classes, is poor. */
  private static final double POOR = 0.5;

  /** What makes an accuracy much better than another one. */
  private static final double MUCH = 0.2;

  private static final double QUARTER = 0.25;

  private VanishingAnswers() {}

  static void print(VanishingGradients.Run sigmoid, VanishingGradients.Run relu) {
    answer("a", "Is the sigmoid network poor after one epoch?", sigmoid.accuracy(0) < POOR);
    measured(
        String.format(
            Locale.ROOT, "%.1f %% right after the first epoch.", 100 * sigmoid.accuracy(0)));

    double ratio = sigmoid.gradient(3) / sigmoid.gradient(0);
    answer("b", "Are its gradients larger in the lower layers?", ratio < 1);
    measured(
        String.format(
            Locale.ROOT, "The last Linear's gradient is %.1f times the first one's.", ratio));

    double steepest = derivatives(new Sigmoid())[1];
    answer("c", "Is one reason that its derivative is never above 1/4?", steepest <= QUARTER);
    measured(
        String.format(
            Locale.ROOT,
            "The largest one over -10..10 is %.4f; three of them leave %.4f at most.",
            steepest,
            Math.pow(steepest, 3)));

    double gain = relu.lastAccuracy() - sigmoid.lastAccuracy();
    answer("d", "Does the ReLU network do much better?", gain > MUCH);
    measured(
        String.format(
            Locale.ROOT,
            "%.1f %% right after the first epoch, %.1f %% after epoch %d, the sigmoid network %.1f"
                + " %%.",
            100 * relu.accuracy(0),
            100 * relu.lastAccuracy(),
            relu.history().size(),
            100 * sigmoid.lastAccuracy()));

    double[] ofRelu = derivatives(new ReLU());
    double[] ofLeaky = derivatives(new LeakyReLU());
    double[] ofTanh = derivatives(new Tanh());
    boolean always = Math.min(ofRelu[0], Math.min(ofLeaky[0], ofTanh[0])) > 1;
    answer("e", "Do others train better for derivatives that are always above 1?", always);
    measured(
        String.format(
            Locale.ROOT,
            "Over -10..10: ReLU %.2f to %.2f, LeakyReLU %.2f to %.2f, Tanh %.2f to %.2f.",
            ofRelu[0],
            ofRelu[1],
            ofLeaky[0],
            ofLeaky[1],
            ofTanh[0],
            ofTanh[1]));
    System.out.println();
  }

  /** The smallest and the largest derivative of an activation at −10, −9.99 … 10. */
  private static double[] derivatives(Module activation) {
    Tensor x = Tensor.zeros(2001);
    Arrays.setAll(x.data(), i -> (i - 1000) / 100.0);
    activation.forward(x);
    double[] slopes = activation.backward(Tensor.full(1, x.size())).data();
    return new double[] {
      Arrays.stream(slopes).min().orElseThrow(), Arrays.stream(slopes).max().orElseThrow()
    };
  }

  private static void answer(String letter, String question, boolean yes) {
    System.out.println("(" + letter + ") " + question + " " + (yes ? "True." : "False."));
  }

  private static void measured(String text) {
    System.out.println("    " + text);
  }
}
