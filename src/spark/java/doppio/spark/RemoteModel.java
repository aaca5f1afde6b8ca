package doppio.spark;

import doppio.loss.Loss;
import doppio.model.Registry;
import doppio.nn.Description;
import doppio.nn.Maker;
import doppio.nn.Module;
import doppio.nn.Parts;
import doppio.train.BlockWorker;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;

/**
 * A model and its loss as other JVMs get them, once a training. Each JVM has one of these, and
 * lends what it makes of it to one task at a time.
 */
final class RemoteModel implements Serializable {
  private static final long serialVersionUID = 1L;

  private final PackedModel model;
  private final byte[] loss;
  private final LinkedHashMap<String, Object> lossSettings;
  private transient Deque<Replica> idle;

  /** A model as a thread trains with it, and who does so. */
  record Replica(Module model, BlockWorker worker) {}

  /**
   * Packs a model and its loss.
   *
   * @throws IllegalArgumentException if a module is neither the library's nor in the registry
   * @throws UnsupportedOperationException if the loss does not describe itself
   */
  RemoteModel(Module model, Loss loss, Registry own) {
    this.model = new PackedModel(model, own);
    Description<? extends Loss> description = loss.describe();
    this.loss = PackedModel.pack(description.maker());
    lossSettings = new LinkedHashMap<>(description.settings());
  }

  /** Lends a replica that no other task has. */
  Replica borrow() {
    synchronized (this) {
      idle = idle == null ? new ArrayDeque<>() : idle;
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    Module made = model.unpack();
    Maker<?> maker = (Maker<?>) PackedModel.unpack(loss);
    return new Replica(
        made, new BlockWorker(made, (Loss) maker.make(Parts.ofSettings(lossSettings))));
  }

  /** Takes a replica back. */
  synchronized void giveBack(Replica replica) {
    idle.push(replica);
  }
}
