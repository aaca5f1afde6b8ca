package doppio.model;

import doppio.internal.StoredType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The numbers of a storage from front to end, of which a few are in memory. */
final class TorchNumbers {
  private static final int CHUNK = 1 << 13;

  private final InputStream in;
  private final StoredType type;
  private final ByteOrder order;
  private final int size;
  private final byte[] bytes;
  private final double[] numbers;
  private int first;
  private int count;

  /** The numbers of a stream that has as many, or says that they are missing. */
  TorchNumbers(InputStream in, StoredType type, ByteOrder order, int size) {
    this.in = in;
    this.type = type;
    this.order = order;
    this.size = size;
    numbers = new double[Math.min(CHUNK, size)];
    bytes = new byte[numbers.length * type.width()];
  }

  /** The number at a place, which must not lie before the last one asked for. */
  double at(int place) throws IOException {
    while (place >= first + count) {
      fill();
    }
    return numbers[place - first];
  }

  /** All numbers, if none has been asked for yet. */
  double[] all() throws IOException {
    double[] all = new double[size];
    while (first + count < size) {
      fill();
      System.arraycopy(numbers, 0, all, first, count);
    }
    return all;
  }

  /** Reads to the end, as the sum is checked there. */
  void end() throws IOException {
    while (first + count < size) {
      fill();
    }
  }

  private void fill() throws IOException {
    first += count;
    count = Math.min(numbers.length, size - first);
    int got = in.readNBytes(bytes, 0, count * type.width());
    type.widen(ByteBuffer.wrap(bytes, 0, got).order(order), numbers, 0, count, first);
  }
}
