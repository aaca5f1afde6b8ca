package doppio.model;

import doppio.Tensor;
import doppio.internal.FileAccess;
import doppio.internal.MemoryChannel;
import doppio.internal.Require;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Loads the tensors of a {@code .pt} or {@code .pth} file that PyTorch's {@code torch.save} wrote,
 * 1.6 or newer: a state dict, or one within a training's checkpoint.
 *
 * <pre>{@code
 * model.loadStateDict(TorchFile.load(Path.of("model.pt")));
 * model.loadStateDict(TorchFile.load(Path.of("training.pt"), "model_state_dict"));
 * }</pre>
 *
 * <p>The file is a zip archive of a pickle and of the tensors' numbers. A pickle is a program, and
 * may be a hostile one: this reader knows the handful of operations that make tensors, dicts and
 * lists, and runs nothing; a pickle that names anything else is refused by that name. Numbers of
 * double, single and half precision, bfloat16, whole numbers and truth values become doubles, all
 * of them exactly, but for whole numbers beyond 2⁵³ that no double holds, which are refused. Views
 * of any strides become tensors of their own; names of one and the same tensor, tied weights say,
 * have one tensor here too.
 *
 * <p>Time and memory follow what the file holds, unpacked: at most 8 bytes for each of its bytes,
 * and 64 MiB; what a stream gives is in memory beside that. Tensors that repeat numbers of a small
 * storage, as an expanded view does, are refused where together they have many more numbers than
 * the file.
 *
 * <p>Source: PyTorch's {@code torch/serialization.py}.
 */
public final class TorchFile {
  private TorchFile() {}

  /**
   * Loads a state dict: a file that holds tensors by name and nothing else.
   *
   * @return the tensors, in the file's order
   * @throws IOException if the file cannot be read or is not one that {@code torch.save} wrote with
   *     tensors, dicts and lists alone; the message names the file, what was expected and what was
   *     found, and for a file older than PyTorch 1.6 the line that converts it
   * @throws IllegalArgumentException if it holds something else than tensors by name; the message
   *     lists the keys there are
   */
  public static Map<String, Tensor> load(Path file) throws IOException {
    return FileAccess.read(file, channel -> new TorchArchive(channel).load(null));
  }

  /**
   * Loads a state dict from a dict that holds more, as a training's checkpoint does.
   *
   * @param key the name of the state dict in it
   * @throws IOException as {@link #load(Path)} does
   * @throws IllegalArgumentException if there is no such key, or no state dict under it; the
   *     message lists the keys there are
   */
  public static Map<String, Tensor> load(Path file, String key) throws IOException {
    Objects.requireNonNull(key, "key");
    return FileAccess.read(file, channel -> new TorchArchive(channel).load(key));
  }

  /** As {@link #load(Path)}, from a stream, which is read to its end and not closed. */
  public static Map<String, Tensor> load(InputStream in) throws IOException {
    return new TorchArchive(MemoryChannel.of(in)).load(null);
  }

  /** As {@link #load(Path, String)}, from a stream, which is read to its end and not closed. */
  public static Map<String, Tensor> load(InputStream in, String key) throws IOException {
    Objects.requireNonNull(key, "key");
    return new TorchArchive(MemoryChannel.of(in)).load(key);
  }

  /** As {@link #load(Path)}, from the bytes of a file. */
  public static Map<String, Tensor> load(byte[] file) throws IOException {
    return new TorchArchive(MemoryChannel.of(file)).load(null);
  }

  /** As {@link #load(Path, String)}, from the bytes of a file. */
  public static Map<String, Tensor> load(byte[] file, String key) throws IOException {
    Objects.requireNonNull(key, "key");
    return new TorchArchive(MemoryChannel.of(file)).load(key);
  }

  /**
   * A state without the prefix that something around the model gave to its names: {@code module.}
   * of {@code DataParallel}, {@code _orig_mod.} of {@code torch.compile}, {@code model.} of
   * Lightning.
   *
   * <pre>{@code
   * model.loadStateDict(TorchFile.withoutPrefix(TorchFile.load(file), "module."));
   * }</pre>
   *
   * @return the same tensors under the rest of their names, in a map of their own
   * @throws IllegalArgumentException if a name does not begin with the prefix; the message names it
   */
  public static Map<String, Tensor> withoutPrefix(Map<String, Tensor> state, String prefix) {
    Require.noNull("names in state", Objects.requireNonNull(state, "state").keySet());
    Map<String, Tensor> rest = new LinkedHashMap<>();
    state.forEach(
        (name, tensor) -> {
          if (!name.startsWith(prefix)) {
            throw new IllegalArgumentException(name + " does not begin with " + prefix);
          }
          rest.put(name.substring(prefix.length()), tensor);
        });
    return rest;
  }
}
