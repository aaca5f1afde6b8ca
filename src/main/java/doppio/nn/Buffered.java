package doppio.nn;

import doppio.Tensor;

/** A module that can lend its answer to the one around it, as every layer and composite can. */
abstract class Buffered extends Module {
  Buffered() {}

  /** As {@link #infer}, but the result may be a tensor of the pass. */
  abstract Tensor inferShared(Tensor x, Pass pass);
}
