package doppio.spark;

import doppio.model.ModelFile;
import doppio.model.Registry;
import doppio.nn.Module;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;

/** A model as it crosses to other JVMs: a model file, and the registry for modules of one's own. */
final class PackedModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final byte[] file;
  private final byte[] own;

  /**
   * Packs a model.
   *
   * @throws IllegalArgumentException if a module is neither the library's nor in the registry
   */
  PackedModel(Module model, Registry own) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ModelFile.save(bytes, model, own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    file = bytes.toByteArray();
    this.own = pack(own);
  }

  /** A new model each time. */
  Module unpack() {
    try {
      return ModelFile.load(file, (Registry) unpack(own));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serializes what has functions in it, for a Spark that is set to Kryo would lose them. */
  static byte[] pack(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot be sent to executors: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  static Object unpack(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "an executor lacks the class " + e.getMessage() + ": give Spark its jar", e);
    }
  }
}
