package doppio.golden;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The network 784–512–1024–512–10 as a PyTorch program has it that calls {@code
 * torch.manual_seed(66)} first.
 */
public final class SeededNetwork {
  /** The hashes' file among the test resources. */
  public static final String FILE = "doppio/golden/seed-66.sha256";

  private SeededNetwork() {}

  /** The network, with weights drawn from the default generator in single precision. */
  public static Module build(NetworkCase network) {
    Generator.manualSeed(66);
    Generator single = Generator.defaultGenerator().singlePrecision();
    boolean relu = network == NetworkCase.RELU;
    return new Sequential(
        new Linear(784, 512, single),
        relu ? new ReLU() : new Sigmoid(),
        new Linear(512, 1024, single),
        relu ? new ReLU() : new Sigmoid(),
        new Linear(1024, 512, single),
        relu ? new ReLU() : new Sigmoid(),
        new Linear(512, 10, single));
  }

  /** Inputs in [−3, 3), floats. */
  public static Tensor inputs() {
    Tensor inputs = Tensor.zeros(8, 784);
    new Generator(7).singlePrecision().uniform(inputs.data(), -3, 3);
    return inputs;
  }

  /** A line for each tensor: the SHA-256 of its numbers as little-endian floats, and its name. */
  public static String hashes(Map<String, Tensor> state) {
    return state.entrySet().stream()
        .map(e -> hash(e.getValue().data()) + "  " + e.getKey() + "\n")
        .collect(Collectors.joining());
  }

  /** The lines that libtorch's weights give. */
  public static String goldenHashes() {
    try (InputStream in = SeededNetwork.class.getClassLoader().getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String hash(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (value != (float) value) {
        throw new AssertionError(value + " is no float");
      }
      bytes.putFloat((float) value);
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
