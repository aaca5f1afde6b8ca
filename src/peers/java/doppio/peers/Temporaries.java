package doppio.peers;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/**
 * Results of libtorch on the way: their memory is given back when a run is done, not by the JVM.
 */
final class Temporaries {
  private final List<Pointer> open = new ArrayList<>();

  /** Keeps one until {@link #close}; returns it. */
  <T extends Pointer> T keep(T pointer) {
    open.add(pointer);
    return pointer;
  }

  void close() {
    open.forEach(Pointer::close);
    open.clear();
  }
}
