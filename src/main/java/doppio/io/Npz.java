package doppio.io;

import doppio.Tensor;
import doppio.internal.FileAccess;
import doppio.internal.MemoryChannel;
import doppio.internal.OtherFormat;
import doppio.internal.ZipArchive;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Loads the named arrays of NumPy's .npz format, a zip archive of {@link Npy .npy files}, packed
 * ({@code numpy.savez_compressed}) or not ({@code numpy.savez}).
 *
 * <pre>{@code
 * Tensor x = Npz.load(Path.of("data.npz")).get("x"); // numpy.savez("data.npz", x=...)
 * }</pre>
 */
public final class Npz {
  private static final String SUFFIX = ".npy";
  private static final byte[] ENTRY = {'P', 'K', 3, 4};
  private static final byte[] EMPTY = {'P', 'K', 5, 6};

  private Npz() {}

  /**
   * Loads all arrays, by name, in the archive's order. Time and memory follow what the archive
   * unpacks to, at most 1032 times its length: at most 8 bytes for each byte of that, and 64 MiB;
   * what a stream gives is in memory beside that.
   *
   * @throws IOException if the file cannot be read or is not one whole archive of .npy files that
   *     {@link Npy#load} could read, each with its right sum, under different names; the message
   *     names the file, the array, what was expected and what was found
   */
  public static Map<String, Tensor> load(Path file) throws IOException {
    return FileAccess.read(file, Npz::read);
  }

  /** As {@link #load(Path)}, from a stream, which is read to its end and not closed. */
  public static Map<String, Tensor> load(InputStream in) throws IOException {
    return read(MemoryChannel.of(in));
  }

  /** As {@link #load(Path)}, from the bytes of a file. */
  public static Map<String, Tensor> load(byte[] file) throws IOException {
    return read(MemoryChannel.of(file));
  }

  private static Map<String, Tensor> read(SeekableByteChannel file) throws IOException {
    byte[] start = new ValueReader(file, file.size()).peek(OtherFormat.START);
    if (!startsWith(start, ENTRY) && !startsWith(start, EMPTY)) {
      String other = OtherFormat.inPlaceOfBytes(start);
      if (other != null) {
        throw new IOException("expected an .npz archive but this is " + other);
      }
      if (start.length < ENTRY.length) {
        throw new IOException(
            "expected an .npz archive but the file has " + start.length + " bytes");
      }
    }
    ZipArchive archive = new ZipArchive(file);
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (ZipArchive.Entry entry : archive.entries()) {
      if (entry.name().endsWith("/")) {
        continue;
      }
      try {
        if (!entry.name().endsWith(SUFFIX)) {
          throw new IOException("expected a name that ends in " + SUFFIX);
        }
        String name = entry.name().substring(0, entry.name().length() - SUFFIX.length());
        if (arrays.put(name, tensor(archive, entry)) != null) {
          throw new IOException("a second array of that name");
        }
      } catch (ClosedChannelException e) {
        throw e;
      } catch (IOException e) {
        throw new IOException("entry " + JsonWriter.brief(entry.name()) + ": " + e.getMessage(), e);
      }
    }
    return arrays;
  }

  private static Tensor tensor(ZipArchive archive, ZipArchive.Entry entry) throws IOException {
    try (InputStream in = archive.open(entry)) {
      return Npy.read(new ValueReader(Channels.newChannel(in), entry.size()));
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && ByteBuffer.wrap(bytes, 0, start.length).equals(ByteBuffer.wrap(start));
  }
}
