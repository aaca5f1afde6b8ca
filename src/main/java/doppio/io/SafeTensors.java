package doppio.io;

import doppio.Tensor;
import doppio.internal.AtomicFile;
import doppio.internal.MemoryChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Saves and loads named tensors in the safetensors format, which PyTorch, JAX, MLX and others read
 * and write.
 *
 * <p>A file is the length of its header (8 bytes, little-endian), the header (JSON: for each tensor
 * its dtype, shape and place) and the numbers, row-major and little-endian. Floating-point numbers
 * (F64, F32, F16, BF16 and the five kinds of F8), whole numbers (I64, I32, I16, I8, U64, U32, U16,
 * U8) and truth values (BOOL, as 0 and 1) can be read: doubles hold all of them exactly, but for
 * whole numbers beyond 2⁵³, of which those that fit are read and others refused by name. Rank 0 and
 * dimensions of 0 make the round trip.
 *
 * <pre>{@code
 * SafeTensors.save(Path.of("model.safetensors"), model.stateDict());
 * model.loadStateDict(SafeTensors.load(Path.of("model.safetensors")));
 * }</pre>
 *
 * <p>Whole numbers that a file from elsewhere has, PyTorch's {@code num_batches_tracked} say, keep
 * their dtype where the file's contents are written back:
 *
 * <pre>{@code
 * SafeTensors.Contents from = SafeTensors.read(Path.of("pytorch.safetensors"));
 * model.loadStateDict(from.tensors());
 * ... // train it
 * SafeTensors.save(
 *     Path.of("trained.safetensors"),
 *     new SafeTensors.Contents(model.stateDict(), from.metadata(), from.dtypes()));
 * }</pre>
 *
 * <p>Source: <a href="https://github.com/huggingface/safetensors">the format's description</a>.
 */
public final class SafeTensors {
  private SafeTensors() {}

  /**
   * What a file holds, or is to hold.
   *
   * @param tensors by name, in the order of their numbers in the file
   * @param metadata the texts under {@code __metadata__}, empty if there are none
   * @param dtypes the formats to write tensors in, by name; F64 for those that are not named. Where
   *     a file has been read, those of its whole numbers and truth values.
   */
  public record Contents(
      Map<String, Tensor> tensors, Map<String, String> metadata, Map<String, Dtype> dtypes) {

    /** Contents whose metadata and dtypes, where they are null, are empty. */
    public Contents {
      metadata = metadata == null ? Map.of() : metadata;
      dtypes = dtypes == null ? Map.of() : dtypes;
    }

    /** Tensors to be written as F64, and metadata. */
    public Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {
      this(tensors, metadata, Map.of());
    }

    /** The number of tensors, and the metadata. */
    @Override
    public String toString() {
      return "Contents(tensors " + tensors.size() + ", metadata " + metadata + ")";
    }
  }

  /**
   * Saves tensors as F64, every double to the bit, without metadata.
   *
   * @throws IllegalArgumentException as {@link #save(Path, Map, Dtype, Map)} does
   * @throws IOException as {@link #save(Path, Map, Dtype, Map)} does
   */
  public static void save(Path file, Map<String, Tensor> tensors) throws IOException {
    save(file, tensors, Dtype.F64);
  }

  /**
   * Saves tensors in the given number format, without metadata.
   *
   * @throws IllegalArgumentException as {@link #save(Path, Map, Dtype, Map)} does
   * @throws IOException as {@link #save(Path, Map, Dtype, Map)} does
   */
  public static void save(Path file, Map<String, Tensor> tensors, Dtype dtype) throws IOException {
    save(file, tensors, dtype, Map.of());
  }

  /**
   * Saves tensors and metadata. The file is replaced as a whole: where saving fails, an old file
   * stays as it was.
   *
   * @param file created, or replaced if it exists; its folder must exist
   * @param tensors by name, written in the map's order; may be empty
   * @param dtype the format that all numbers are written in
   * @param metadata texts to keep with the tensors; may be empty or null
   * @throws IllegalArgumentException if a name, tensor or text is null or not encodable, a tensor
   *     is named {@code __metadata__}, a number is not one of the dtype's whole numbers, or the
   *     header would exceed 100,000,000 bytes
   * @throws IOException if the file cannot be written
   */
  public static void save(
      Path file, Map<String, Tensor> tensors, Dtype dtype, Map<String, String> metadata)
      throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter(tensors, name -> dtype, metadata);
    AtomicFile.writeUninterrupted(file, writer::writeTo);
  }

  /** As {@link #save(Path, Map)}, to a stream, which is flushed and not closed. */
  public static void save(OutputStream out, Map<String, Tensor> tensors) throws IOException {
    save(out, tensors, Dtype.F64);
  }

  /** As {@link #save(Path, Map, Dtype)}, to a stream, which is flushed and not closed. */
  public static void save(OutputStream out, Map<String, Tensor> tensors, Dtype dtype)
      throws IOException {
    save(out, tensors, dtype, Map.of());
  }

  /**
   * As {@link #save(Path, Map, Dtype, Map)}, to a stream, which is flushed and not closed. Nothing
   * is written where an {@code IllegalArgumentException} is thrown.
   */
  public static void save(
      OutputStream out, Map<String, Tensor> tensors, Dtype dtype, Map<String, String> metadata)
      throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter(tensors, name -> dtype, metadata);
    ValueWriter.write(out, writer::writeTo);
  }

  /**
   * Saves tensors, each in a number format of its own, and metadata. The widest numbers are written
   * first, and those of one width in the map's order.
   *
   * @param contents its dtypes may name tensors that it does not have
   * @throws IllegalArgumentException as {@link #save(Path, Map, Dtype, Map)} does
   * @throws IOException as {@link #save(Path, Map, Dtype, Map)} does
   */
  public static void save(Path file, Contents contents) throws IOException {
    AtomicFile.writeUninterrupted(file, writer(contents)::writeTo);
  }

  /** As {@link #save(Path, Contents)}, to a stream, which is flushed and not closed. */
  public static void save(OutputStream out, Contents contents) throws IOException {
    ValueWriter.write(out, writer(contents)::writeTo);
  }

  private static SafeTensorsWriter writer(Contents contents) {
    return new SafeTensorsWriter(
        contents.tensors, name -> contents.dtypes.getOrDefault(name, Dtype.F64), contents.metadata);
  }

  /**
   * Loads the tensors of a file, by name, in the order of their numbers in the file.
   *
   * @throws IOException as {@link #read(Path)} does
   */
  public static Map<String, Tensor> load(Path file) throws IOException {
    return read(file).tensors();
  }

  /** As {@link #load(Path)}, from a stream, which is read to its end and not closed. */
  public static Map<String, Tensor> load(InputStream in) throws IOException {
    return read(in).tensors();
  }

  /** As {@link #load(Path)}, from the bytes of a file. */
  public static Map<String, Tensor> load(byte[] file) throws IOException {
    return read(file).tensors();
  }

  /**
   * Reads the tensors and the metadata of a file. Time and memory follow what the file holds, not
   * what its header claims: at most 8 bytes for each of the file's, and 64 MiB.
   *
   * @throws IOException if the file cannot be read or breaks a rule of the format: a header that is
   *     too long or no strict JSON, a key twice, another dtype, a place that does not fit the
   *     shape, leaves a hole, overlaps or lies outside the file, or data left over; or if it has a
   *     whole number that no double holds; the message names the file, the tensor, what was
   *     expected and what was found
   */
  public static Contents read(Path file) throws IOException {
    return read(file, name -> true);
  }

  /**
   * As {@link #read(Path)}, from a stream, which is read to its end and not closed. What it gives
   * is in memory until the tensors are made.
   */
  public static Contents read(InputStream in) throws IOException {
    return read(in, name -> true);
  }

  /** As {@link #read(Path)}, from the bytes of a file. */
  public static Contents read(byte[] file) throws IOException {
    return read(file, name -> true);
  }

  /**
   * Reads some of a file's tensors, and the metadata. Tensors that are not wanted may be of any
   * dtype and size.
   *
   * @param wanted whether to read the tensor of a name
   * @throws IOException as {@link #read(Path)} does
   */
  public static Contents read(Path file, Predicate<String> wanted) throws IOException {
    Objects.requireNonNull(wanted, "wanted");
    return ValueReader.read(file, in -> SafeTensorsReader.read(in, wanted));
  }

  /** As {@link #read(Path, Predicate)}, from a stream, which is read to its end and not closed. */
  public static Contents read(InputStream in, Predicate<String> wanted) throws IOException {
    Objects.requireNonNull(wanted, "wanted");
    return ValueReader.read(
        MemoryChannel.once(in), values -> SafeTensorsReader.read(values, wanted));
  }

  /** As {@link #read(Path, Predicate)}, from the bytes of a file. */
  public static Contents read(byte[] file, Predicate<String> wanted) throws IOException {
    Objects.requireNonNull(wanted, "wanted");
    return ValueReader.read(MemoryChannel.of(file), in -> SafeTensorsReader.read(in, wanted));
  }
}
