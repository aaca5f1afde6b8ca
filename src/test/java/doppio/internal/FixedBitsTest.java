package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.GELU;
import doppio.nn.GRU;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.SelfAttention;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.optim.Momentum;
import doppio.optim.Optimizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page on stability promises of numbers. */
class FixedBitsTest {
  private static final int CLASSES = 3;
  private static final int STEPS = 12;

  /**
   * The digest of what is trained here, by minor version. A change that moves it raises the minor
   * version, and has its line among the numbers that move in the page of changes.
   */
  private static final Map<String, String> DIGESTS =
      Map.of("0.2", "3e8940776346d6305715673ab91ad2f9a235825fa59200f7875923020c96f76c");

  private static final Pattern VERSION =
      Pattern.compile("<artifactId>doppio</artifactId>\\s*<version>(\\d+\\.\\d+)\\.");

  @Test
  void withinAMinorVersionTrainingsEndInTheSameBits() throws Exception {
    assumeTrue(Fma.FAST, "other bits without fused multiply-add");
    Generator g = new Generator(66);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Module rows =
        new Sequential(
            new Linear(13, 37, g),
            new Tanh(),
            new Dropout(0.2, g),
            new Linear(37, 11, g),
            new LayerNorm(11),
            new ReLU(),
            new Linear(11, CLASSES, g));
    train(rows, new Momentum(rows.parameters(), 0.05, 0.9).weightDecay(1e-3), g, digest, 13);
    Module images =
        new Sequential(
            new Conv2d(2, 5, 3, g),
            new BatchNorm2d(5),
            new GELU(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(45, CLASSES, g));
    train(images, new Adam(images.parameters(), 1e-2), g, digest, 2, 8, 8);
    Module sequences =
        new Sequential(
            new LSTM(4, 7, g),
            new SelfAttention(7, 1, true, g),
            new GRU(7, 6, g),
            new LastStep(),
            new Linear(6, CLASSES, g));
    train(sequences, new Adam(sequences.parameters(), 1e-2), g, digest, 5, 4);
    String found = HexFormat.of().formatHex(digest.digest());
    assertThat(DIGESTS).containsEntry(minorVersion(), found);
  }

  private static void train(
      Module network, Optimizer optimizer, Generator g, MessageDigest digest, int... sample) {
    CrossEntropy loss = new CrossEntropy();
    for (int step = 0; step < STEPS; step++) {
      int n = 2 + step % 7;
      int[] shape = new int[sample.length + 1];
      shape[0] = n;
      System.arraycopy(sample, 0, shape, 1, sample.length);
      Tensor x = Tensor.zeros(shape);
      Tensor y = Tensor.zeros(n);
      g.normal(x.data(), 0, 1);
      for (int i = 0; i < n; i++) {
        y.data()[i] = i % CLASSES;
      }
      optimizer.zeroGrad();
      add(digest, loss.forward(network.forward(x), y));
      network.accumulateGradients(loss.backward());
      optimizer.step();
      add(digest, network.infer(x).data());
    }
    network.stateDict().values().forEach(tensor -> add(digest, tensor.data()));
  }

  private static void add(MessageDigest digest, double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    for (double value : values) {
      bytes.putDouble(value);
    }
    digest.update(bytes.array());
  }

  private static String minorVersion() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    return VERSION.matcher(pom).results().findFirst().orElseThrow().group(1);
  }
}
