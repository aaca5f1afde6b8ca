package doppio.internal;

import com.sun.management.ThreadMXBean;
import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Conv2d;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Window;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** What a convolution computes and needs in a JVM of its own, for {@link ConvolutionJvmTest}. */
public final class ConvolutionProgram {
  private static final ThreadMXBean JVM = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Sizes, unfoldings and what hands parts to threads, whatever the sizes are. */
  static final long SMALL_OBJECTS = 4096;

  private ConvolutionProgram() {}

  /** Prints the bits of all products, or the bytes that are allocated for them. */
  public static void main(String[] arguments) {
    System.out.println(KernelChoice.kernels().getClass().getSimpleName());
    if (arguments[0].equals("bits")) {
      // Large enough to be shared: batches, single images, and single images with groups.
      System.out.println(bits(new Conv2d(16, 32, Window.of(3).padding(1), new Generator(1)), 9));
      System.out.println(bits(new Conv2d(3, 40, Window.of(5).stride(2), new Generator(2)), 1));
      Window window = Window.of(3).padding(2, 1).dilation(2);
      System.out.println(bits(new Conv2d(24, 48, window, 2, true, new Generator(3)), 1));
    } else {
      // Of so many images a copy is larger than what a call may take, and so is one of the long
      // row.
      Convolution images = new Convolution(32, 28, 28, 32, 1, 3, 3, 1, 1, 1, 1, 1, 1, 28, 28);
      Convolution row = new Convolution(64, 1, 60_000, 2, 1, 1, 3, 1, 1, 0, 1, 1, 1, 1, 60_000);
      System.out.println("first call: " + Math.max(firstCall(images, 64), firstCall(row, 1)));
      System.out.println("step: " + step());
    }
  }

  /** A digest of the output and of all gradients. */
  private static int bits(Conv2d conv, int n) {
    Tensor x = RandomTensors.normal(4, n, conv.inChannels(), 37, 41);
    Tensor y = conv.forward(x);
    Tensor gx = conv.backward(RandomTensors.normal(5, y.shape()));
    int digest = Arrays.hashCode(y.data()) * 31 + Arrays.hashCode(gx.data());
    for (var parameter : conv.parameters()) {
      digest = digest * 31 + Arrays.hashCode(parameter.grad().data());
    }
    return digest;
  }

  /**
   * The most bytes that one of the products allocates when nothing is there: a collection takes all
   * that is not in use. What is not compiled yet allocates a lot more, so single images come first.
   */
  private static long firstCall(Convolution c, int n) {
    double[] x = new double[n * c.channels() * c.pixels()];
    double[] y = new double[n * c.out() * c.positions()];
    double[] w = new double[c.out() * c.depth()];
    ConvolutionKernels kernels = KernelChoice.kernels().convolutions();
    List<IntConsumer> products =
        List.of(
            images -> kernels.forward(c, x, 0, w, 0, null, 0, y, 0, images),
            images -> kernels.inputGradient(c, y, 0, w, 0, x, 0, images),
            images -> kernels.weightGradient(c, y, 0, x, 0, w, 0, images, false));
    long most = 0;
    for (IntConsumer product : products) {
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 50; i++) {
          product.accept(1);
        }
        System.gc();
        long start = allocated();
        product.accept(n);
        least = Math.min(least, allocated() - start);
      }
      most = Math.max(most, least);
    }
    return most;
  }

  /** The bytes that a step of training allocates beyond what it returns. */
  private static long step() {
    Module network =
        new Sequential(
            new Conv2d(4, 8, Window.of(3).padding(1), new Generator(1)),
            new ReLU(),
            new Conv2d(8, 8, Window.of(3).stride(2), new Generator(2)));
    Tensor x = RandomTensors.normal(3, 16, 4, 14, 14);
    Tensor gy = RandomTensors.normal(4, network.infer(x).shape());
    long returned = (long) gy.size() * Double.BYTES;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 100 && least >= SMALL_OBJECTS; round++) {
      long start = allocated();
      for (int i = 0; i < 20; i++) {
        network.zeroGrad();
        network.forward(x);
        network.accumulateGradients(gy);
      }
      least = Math.min(least, (allocated() - start) / 20 - returned);
    }
    return least;
  }

  private static long allocated() {
    return JVM.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
