package doppio.model;

import doppio.Tensor;
import doppio.internal.FileAccess;
import doppio.internal.Keys;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.nn.Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network whole, its structure with its numbers, in one safetensors file.
 *
 * <pre>{@code
 * ModelFile.save(Path.of("digits.safetensors"), model);
 * Module same = ModelFile.load(Path.of("digits.safetensors"));
 * }</pre>
 *
 * <p>The tensors are those of {@link Module#stateDict}, F64 and under the same names, so that
 * whoever reads safetensors files, PyTorch say, reads these. The structure stands as JSON in the
 * metadata, under {@code doppio.model}: which modules there are, their settings, what they share,
 * which parameters are frozen and who is in training mode. It has a version; every later library
 * reads files of this one.
 *
 * <p>What a file brings back computes the same bits. The state of random generators is not kept, a
 * {@link doppio.train.Checkpoint} has that: a dropout layer that drew from the default generator
 * does so again, any other draws from a new generator, shared as it was, which starts at a seed of
 * its own (1, 2, … in the order of the layers).
 *
 * <p>Loading takes at most 8 bytes of memory for each of the file's, and 64 MiB.
 *
 * <p>Modules of your own are named in a {@link Registry}. A file can only make what the library or
 * that registry has. A checkpoint is a model file too.
 */
public final class ModelFile {
  /** Begins the names of what is no part of the model: no name of a module's tensor is empty. */
  private static final String BESIDE = ".";

  private ModelFile() {}

  /**
   * Saves a network of the library's modules.
   *
   * @throws IllegalArgumentException as {@link #save(Path, Module, Registry)} does
   * @throws IOException as {@link #save(Path, Module, Registry)} does
   */
  public static void save(Path file, Module module) throws IOException {
    save(file, module, Registry.none());
  }

  /**
   * Saves a network.
   *
   * @param file replaced as a whole; its folder must exist
   * @param own the names of the modules that are not the library's
   * @throws IllegalArgumentException if a module in it is not described, or is neither the
   *     library's nor in the registry, or its description makes another one; the message names it
   *     and says what to add
   * @throws IOException if it cannot be written; the old file is then as it was
   */
  public static void save(Path file, Module module, Registry own) throws IOException {
    SafeTensors.save(file, module.stateDict(), Dtype.F64, metadata(module, own));
  }

  /** As {@link #save(Path, Module)}, to a stream, which is not closed. */
  public static void save(OutputStream out, Module module) throws IOException {
    save(out, module, Registry.none());
  }

  /**
   * As {@link #save(Path, Module, Registry)}, to a stream, which is not closed. Nothing is written
   * where the module cannot be saved.
   */
  public static void save(OutputStream out, Module module, Registry own) throws IOException {
    SafeTensors.save(out, module.stateDict(), Dtype.F64, metadata(module, own));
  }

  /**
   * The metadata that make a model file of a safetensors file with the module's {@link
   * Module#stateDict}: in single precision, say, or beside tensors of your own, whose names begin
   * with a dot.
   *
   * <pre>{@code
   * SafeTensors.save(file, model.stateDict(), Dtype.F32, ModelFile.metadata(model, Registry.none()));
   * }</pre>
   *
   * @throws IllegalArgumentException as {@link #save(Path, Module, Registry)} does
   */
  public static Map<String, String> metadata(Module module, Registry own) {
    String text = ArchitectureWriter.write(Describer.describe(module, own));
    try {
      // Over the live tensors, so that it costs no copy: what is written can be read.
      Builder.build(ArchitectureReader.read(text), module.stateDict(), own);
    } catch (IOException e) {
      throw new IllegalArgumentException("the architecture cannot be written: " + text, e);
    }
    return Map.of(key(), text);
  }

  /**
   * Loads a network of the library's modules.
   *
   * @throws IOException as {@link #load(Path, Registry)} does
   * @throws IllegalArgumentException as {@link #load(Path, Registry)} does
   */
  public static Module load(Path file) throws IOException {
    return load(file, Registry.none());
  }

  /**
   * Loads a network.
   *
   * @param own the names of the modules that are not the library's
   * @return a new module
   * @throws IOException if the file cannot be read or is no safetensors file
   * @throws IllegalArgumentException if it has no architecture, or one of a later version, or with
   *     a module that neither the library nor the registry has, or one that the tensors do not fit;
   *     the message names the file and the module
   */
  public static Module load(Path file, Registry own) throws IOException {
    return FileAccess.naming(file, () -> load(SafeTensors.read(file), own));
  }

  /** As {@link #load(Path)}, from a stream, which is read to its end and not closed. */
  public static Module load(InputStream in) throws IOException {
    return load(in, Registry.none());
  }

  /** As {@link #load(Path, Registry)}, from a stream, which is read to its end and not closed. */
  public static Module load(InputStream in, Registry own) throws IOException {
    return load(SafeTensors.read(in), own);
  }

  /** As {@link #load(Path)}, from the bytes of a file. */
  public static Module load(byte[] file) throws IOException {
    return load(file, Registry.none());
  }

  /** As {@link #load(Path, Registry)}, from the bytes of a file. */
  public static Module load(byte[] file, Registry own) throws IOException {
    return load(SafeTensors.read(file), own);
  }

  /**
   * As {@link #load(Path, Registry)}, of what has been read already. The module's parameters and
   * buffers are the very tensors.
   */
  public static Module load(SafeTensors.Contents contents, Registry own) {
    String text = contents.metadata().get(key());
    if (text == null) {
      throw new IllegalArgumentException(
          "expected metadata " + key() + " but there is none: " + instead(contents));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>(contents.tensors());
    tensors.keySet().removeIf(name -> name.startsWith(BESIDE));
    try {
      return Builder.build(ArchitectureReader.read(text), tensors, own);
    } catch (IOException e) {
      throw new IllegalArgumentException("metadata " + key() + ": " + e.getMessage(), e);
    }
  }

  private static String instead(SafeTensors.Contents contents) {
    String reason = contents.metadata().get(Keys.of("model.missing"));
    if (reason != null) {
      return "the checkpoint was written without, because " + reason;
    }
    return contents.metadata().containsKey(Keys.of("checkpoint"))
        ? "for a checkpoint of this age, make the model and use Checkpoint.loadModel(file, model)"
        : "if it holds weights alone, make the model and use"
            + " model.loadStateDict(SafeTensors.load(file))";
  }

  private static String key() {
    return Keys.of("model");
  }
}
