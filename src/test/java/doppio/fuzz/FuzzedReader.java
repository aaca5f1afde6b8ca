package doppio.fuzz;

import com.sun.management.ThreadMXBean;
import doppio.internal.ZipArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A reader that is given files of any content: it may refuse one with an {@code IOException} or
 * {@code IllegalArgumentException} that says why. Its work is judged as well, each kind by a
 * constant and a small multiple of what the file holds: memory, bytes that it reads and calls that
 * read them, and the processor's time, of which the limit is far above what a busy machine needs
 * and far below what work has that does not grow with the file alone.
 */
final class FuzzedReader {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What Linux counts for a thread. */
  private static final Path COUNTERS = Path.of("/proc/thread-self/io");

  /**
   * What a reader has done, or may do.
   *
   * @param allocated bytes. The worst is text of one-digit cells: a string, what parses it, and its
   *     number twice. The constant is for buffers of a fixed size
   * @param read bytes: a file may be looked through more than once, to tell what it is
   * @param calls that read; never one for a few bytes
   * @param nanos of the processor, with all elements that are touched: 0.5 µs for a byte
   */
  private record Work(long allocated, long read, long calls, long nanos) {
    static Work allowed(long file, long unpacked) {
      long held = Math.max(file, unpacked);
      return new Work(
          (2L << 20) + 96 * held,
          (1L << 16) + 8 * file,
          256 + file / 8,
          2_000_000_000 + 500 * held);
    }

    static Work now() {
      long[] counted = counted();
      return new Work(
          THREADS.getCurrentThreadAllocatedBytes(),
          counted[0],
          counted[1],
          THREADS.getCurrentThreadCpuTime());
    }

    Work since(Work start) {
      return new Work(
          allocated - start.allocated, read - start.read, calls - start.calls, nanos - start.nanos);
    }

    boolean exceeds(Work allowed) {
      return allocated > allowed.allocated
          || read > allowed.read
          || calls > allowed.calls
          || nanos > allowed.nanos;
    }

    /** Bytes read and calls that read; 0 where the system does not count them. */
    private static long[] counted() {
      if (!Files.isReadable(COUNTERS)) {
        return new long[2];
      }
      try {
        List<String> lines = Files.readAllLines(COUNTERS);
        return new long[] {number(lines, "rchar: "), number(lines, "syscr: ")};
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static long number(List<String> lines, String name) {
      return lines.stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.substring(name.length())))
          .sum();
    }
  }

  private final Path file;
  private final Read read;

  /** Reads a file; what it returns is of no interest. */
  @FunctionalInterface
  interface Read {
    Object from(Path file) throws IOException;
  }

  FuzzedReader(Read read) {
    this.read = read;
    try {
      file = Files.createTempFile("doppio", ".fuzz");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    file.toFile().deleteOnExit();
  }

  /** Has a file of this content read. */
  void accept(byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Work work = read();
    Work allowed =
        Work.allowed(content.length, Math.max(unpackedLength(content), unzippedLength()));
    if (work.exceeds(allowed)) {
      // Classes that were loaded on the way count too: those are there now.
      work = read();
    }
    if (work.exceeds(allowed)) {
      throw new AssertionError(
          content.length + " bytes of file: " + work + " of at most " + allowed);
    }
  }

  private Work read() {
    Work start = Work.now();
    try {
      read.from(file);
    } catch (IOException | IllegalArgumentException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new AssertionError("an exception that does not say what is wrong", e);
      }
    }
    return Work.now().since(start);
  }

  /** How many bytes there are to be unpacked, up to the first fault; 0 where nothing is packed. */
  private static long unpackedLength(byte[] content) {
    long length = 0;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      byte[] buffer = new byte[1 << 12];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        length += n;
      }
    } catch (IOException e) {
      return length;
    }
    return length;
  }

  /** The same for an archive, entry by entry. */
  private long unzippedLength() {
    long length = 0;
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ZipArchive archive = new ZipArchive(channel);
      for (ZipArchive.Entry entry : archive.entries()) {
        try (InputStream in = archive.open(entry)) {
          length += in.transferTo(OutputStream.nullOutputStream());
        }
      }
    } catch (IOException e) {
      return length;
    }
    return length;
  }
}
