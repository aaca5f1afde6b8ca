package doppio.io;

import doppio.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Saves and loads named tensors in the safetensors format, which PyTorch, JAX, MLX and others read
 * and write.
 *
 * <p>A file is the length of its header (8 bytes, little-endian), the header (JSON: for each tensor
 * its dtype, shape and place) and the numbers, row-major and little-endian. Numbers of dtype F64,
 * F32, F16 and BF16 can be read; doubles hold all of them exactly. Rank 0 and dimensions of 0 make
 * the round trip.
 *
 * <pre>{@code
 * SafeTensors.save(Path.of("model.safetensors"), model.stateDict());
 * model.loadStateDict(SafeTensors.load(Path.of("model.safetensors")));
 * }</pre>
 *
 * <p>Source: <a href="https://github.com/huggingface/safetensors">the format's description</a>.
 */
public final class SafeTensors {
  /** The key of the header that is no tensor. */
  static final String METADATA = "__metadata__";

  /** The longest header in bytes, in the reference implementation too. */
  static final int MAX_HEADER = 100_000_000;

  private SafeTensors() {}

  /**
   * What a file holds.
   *
   * @param tensors by name, in the order of their numbers in the file
   * @param metadata the texts under {@code __metadata__}, empty if there are none
   */
  public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {
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
   * Saves tensors and metadata. The file is replaced as a whole, see {@link AtomicFile}: where
   * saving fails, an old file stays as it was.
   *
   * @param file created, or replaced if it exists; its folder must exist
   * @param tensors by name, written in the map's order; may be empty
   * @param dtype the format that all numbers are written in
   * @param metadata texts to keep with the tensors; may be empty or null
   * @throws IllegalArgumentException if a name, tensor or text is null or not encodable, a tensor
   *     is named {@code __metadata__}, or the header would exceed 100,000,000 bytes
   * @throws IOException if the file cannot be written
   */
  public static void save(
      Path file, Map<String, Tensor> tensors, Dtype dtype, Map<String, String> metadata)
      throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter(tensors, dtype, metadata);
    AtomicFile.write(file, writer::writeTo);
  }

  /**
   * Loads the tensors of a file, by name, in the order of their numbers in the file.
   *
   * @throws IOException as {@link #read} does
   */
  public static Map<String, Tensor> load(Path file) throws IOException {
    return read(file).tensors();
  }

  /**
   * Reads the tensors and the metadata of a file. Memory follows what the file holds, not what its
   * header claims.
   *
   * @throws IOException if the file cannot be read or breaks a rule of the format: a header that is
   *     too long or no strict JSON, a key twice, another dtype, a place that does not fit the
   *     shape, leaves a hole, overlaps or lies outside the file, or data left over; the message
   *     names the file, the tensor, what was expected and what was found
   */
  public static Contents read(Path file) throws IOException {
    return ValueReader.read(file, SafeTensorsReader::read);
  }
}
