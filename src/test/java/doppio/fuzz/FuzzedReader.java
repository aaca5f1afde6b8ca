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
import java.util.zip.GZIPInputStream;

/**
 * A reader that is given files of any content: it may refuse one with an {@code IOException} or
 * {@code IllegalArgumentException} that says why, and may allocate no more than a constant and a
 * small multiple of what the file holds.
 */
final class FuzzedReader {
  /** For buffers of a fixed size. */
  private static final long CONSTANT = 2 << 20;

  /** The worst is text of one-digit cells: a string, what parses it, and its number twice. */
  private static final long BYTES_A_BYTE = 96;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

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
    long bytes = allocated();
    long unpacked = Math.max(unpackedLength(content), unzippedLength());
    long limit = CONSTANT + BYTES_A_BYTE * Math.max(content.length, unpacked);
    if (bytes > limit) {
      // Classes that were loaded on the way count too: those are there now.
      bytes = allocated();
    }
    if (bytes > limit) {
      throw new AssertionError(
          content.length + " bytes of file, " + bytes + " allocated, of at most " + limit);
    }
  }

  private long allocated() {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      read.from(file);
    } catch (IOException | IllegalArgumentException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new AssertionError("an exception that does not say what is wrong", e);
      }
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
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
