package doppio.own;

import doppio.data.Batch;
import doppio.data.Samples;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Rows of ten inputs and a target in a file of doubles, which is mapped and not loaded. */
public final class MappedSamples implements Samples {
  private static final int WIDTH = 11;
  private static final int ROWS_OF_PART = 1 << 20;

  /** A mapping holds 2 GB at most. */
  private final List<DoubleBuffer> parts = new ArrayList<>();

  private final int size;

  public MappedSamples(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long bytes = 8L * WIDTH;
      size = (int) (channel.size() / bytes);
      for (int from = 0; from < size; from += ROWS_OF_PART) {
        int rows = Math.min(ROWS_OF_PART, size - from);
        parts.add(
            channel
                .map(FileChannel.MapMode.READ_ONLY, from * bytes, rows * bytes)
                .asDoubleBuffer());
      }
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int[] inputShape() {
    return new int[] {10};
  }

  @Override
  public int[] targetShape() {
    return new int[] {1};
  }

  @Override
  public void read(int[] rows, Batch into) {
    for (int i = 0; i < rows.length; i++) {
      DoubleBuffer part = parts.get(rows[i] / ROWS_OF_PART);
      int at = rows[i] % ROWS_OF_PART * WIDTH;
      part.get(at, into.inputs().data(), i * 10, 10);
      part.get(at + 10, into.targets().data(), i, 1);
    }
  }
}
