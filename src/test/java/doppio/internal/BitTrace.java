package doppio.internal;

import doppio.Tensor;
import doppio.nn.Module;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Writes every product of a training to a file, and finds where two trainings part: which product
 * of which step, and how far apart its numbers are.
 */
final class BitTrace extends Observer implements AutoCloseable {
  private final DataOutputStream out;
  private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();
  private int steps;
  private String place;

  BitTrace(Path file) throws IOException {
    out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  /**
   * Does one step of a module, and writes what its layers compute and what its parameters become.
   */
  void step(Module module, int batch, Runnable work) {
    module
        .namedModules()
        .forEach((name, child) -> names.put(child, name + " " + child.getClass().getSimpleName()));
    place = "step " + ++steps + ", batch of " + batch + ", ";
    during(work);
    // In the order in which the way back comes to them.
    List<String> parameters = new ArrayList<>(module.namedParameters().keySet());
    Collections.reverse(parameters);
    for (String name : parameters) {
      write("parameter " + name, module.namedParameters().get(name).value());
    }
  }

  @Override
  public void output(Object module, Tensor x, Tensor y) {
    write("output of " + names.get(module), y);
  }

  @Override
  public void gradient(Object module, Tensor gy, Tensor gx) {
    if (gx != null) {
      write("gradient of the input of " + names.get(module), gx);
    }
  }

  private void write(String product, Tensor values) {
    try {
      out.writeUTF(place + product);
      out.writeInt(values.size());
      for (double value : values.data()) {
        out.writeLong(Double.doubleToRawLongBits(value));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** The first product that differs and how many others do, or that none does. */
  static String difference(Path one, Path other) throws IOException {
    String first = null;
    int differ = 0;
    int all = 0;
    try (DataInputStream a = open(one);
        DataInputStream b = open(other)) {
      for (String product = next(a); product != null; product = next(a)) {
        if (!product.equals(next(b))) {
          return "other products: no " + product;
        }
        String distance = distance(a, b);
        all++;
        if (distance != null) {
          differ++;
          first = first == null ? product + ": " + distance : first;
        }
      }
    }
    return first == null
        ? "no difference in " + all + " products when trained once more"
        : "first in " + first + "; in " + differ + " of " + all + " products in all";
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  private static String next(DataInputStream in) throws IOException {
    try {
      return in.readUTF();
    } catch (EOFException e) {
      return null;
    }
  }

  /** Of the numbers of a product that lie furthest apart; null where all are equal. */
  private static String distance(DataInputStream a, DataInputStream b) throws IOException {
    int size = a.readInt();
    if (size != b.readInt()) {
      return "another number of elements than " + size;
    }
    int differ = 0;
    long furthest = 0;
    String worst = null;
    for (int i = 0; i < size; i++) {
      long x = a.readLong();
      long y = b.readLong();
      if (x != y) {
        differ++;
        long apart = ulps(x, y);
        if (worst == null || Long.compareUnsigned(apart, furthest) > 0) {
          furthest = apart;
          worst =
              "[" + i + "] " + Double.longBitsToDouble(x) + " and " + Double.longBitsToDouble(y);
        }
      }
    }
    return worst == null
        ? null
        : "%d of %d elements, at most %s ulps, %s"
            .formatted(differ, size, Long.toUnsignedString(furthest), worst);
  }

  /** How many doubles lie between two, by their bits. */
  private static long ulps(long x, long y) {
    long a = x < 0 ? Long.MIN_VALUE - x : x;
    long b = y < 0 ? Long.MIN_VALUE - y : y;
    return a > b ? a - b : b - a;
  }
}
