package doppio.data;

import doppio.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * 1,797 handwritten digits of 8 × 8 pixels, which come with the library.
 *
 * <p>Source: "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, 1998, UCI
 * Machine Learning Repository, its test part; CC BY 4.0.
 */
public final class Digits {
  private static final String RESOURCE = "digits.csv.gz";
  private static final int COUNT = 1797;
  private static final int PIXELS = 64;

  private Digits() {}

  /**
   * Reads the digits; each call gives tensors of its own.
   *
   * @return inputs {@code [1797, 64]}, raw pixels 0…16, row by row; targets {@code [1797]}, the
   *     classes 0…9
   * @throws UncheckedIOException if the resource is missing or damaged
   */
  public static Dataset load() {
    try (InputStream in = Digits.class.getResourceAsStream(RESOURCE)) {
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads rows of 64 pixels and a class; null stands for a resource that is not there. */
  static Dataset read(InputStream in) throws IOException {
    if (in == null) {
      throw new IOException(
          RESOURCE + ": the resource is missing beside " + Digits.class.getName());
    }
    Tensor table = Csv.read(in, RESOURCE, Csv.Options.DEFAULT);
    if (table.dim(0) != COUNT || table.dim(1) != PIXELS + 1) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected %d rows of %d columns, got %d of %d",
              RESOURCE,
              COUNT,
              PIXELS + 1,
              table.dim(0),
              table.dim(1)));
    }
    Tensor inputs = Tensor.zeros(COUNT, PIXELS);
    Tensor targets = Tensor.zeros(COUNT);
    for (int i = 0; i < COUNT; i++) {
      int row = i * (PIXELS + 1);
      System.arraycopy(table.data(), row, inputs.data(), i * PIXELS, PIXELS);
      targets.data()[i] = table.data()[row + PIXELS];
    }
    return new Dataset(inputs, targets);
  }
}
