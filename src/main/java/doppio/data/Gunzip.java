package doppio.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a gzip stream whose errors say what is wrong with it.
 *
 * <p>The JDK's stream passes over what follows the last member without a word; this one refuses it.
 */
final class Gunzip extends GZIPInputStream {
  private static final int BUFFER = 1 << 16;
  private static final int TRAILER = 8;

  private long count;

  private Gunzip(InputStream in) throws IOException {
    super(in, BUFFER);
  }

  /**
   * Opens a file, unpacking it if its first bytes are those of gzip, whatever its name.
   *
   * @throws NoSuchFileException if there is no such file
   */
  static InputStream open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("expected a file but found a folder");
    }
    InputStream raw;
    try {
      raw = Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      NoSuchFileException named = new NoSuchFileException(file.toString(), null, "no such file");
      named.initCause(e);
      throw named;
    }
    try {
      return unpack(raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** The stream itself or, if its first bytes are those of gzip, its unpacked content. */
  static InputStream unpack(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    in.mark(2);
    boolean packed = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    if (!packed) {
      return in;
    }
    try {
      return new Gunzip(in);
    } catch (EOFException e) {
      throw new IOException("gzip data ends within its header", e);
    } catch (ZipException e) {
      throw new IOException("corrupt gzip header: " + e.getMessage(), e);
    }
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int got;
    try {
      got = super.read(bytes, from, length);
    } catch (EOFException e) {
      throw new IOException("gzip data ends early, after " + count + " unpacked bytes", e);
    } catch (ZipException e) {
      throw new IOException(
          "corrupt gzip data after " + count + " unpacked bytes: " + e.getMessage(), e);
    }
    if (got < 0) {
      // The inflater still counts the 8 bytes of the trailer where they lay in its buffer.
      if (inf.getRemaining() > TRAILER || in.read() >= 0) {
        throw new IOException("unexpected bytes after the end of the gzip data");
      }
      return got;
    }
    count += got;
    return got;
  }
}
