package doppio.soak;

import doppio.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A few signs that stand for all bits of some numbers. */
final class Digest {
  private static final int BYTES = 8;

  private Digest() {}

  static String of(List<Tensor> tensors) {
    MessageDigest digest = create();
    for (Tensor tensor : tensors) {
      update(digest, tensor.data());
    }
    return text(digest);
  }

  static String of(double... values) {
    MessageDigest digest = create();
    update(digest, values);
    return text(digest);
  }

  static String of(byte[] bytes) {
    MessageDigest digest = create();
    digest.update(bytes);
    return text(digest);
  }

  private static void update(MessageDigest digest, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    for (double value : values) {
      bytes.putLong(Double.doubleToLongBits(value));
    }
    digest.update(bytes.array());
  }

  private static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
