package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;

/**
 * One way through a {@link Composite}: forward while it records, forward while it only infers, or
 * back. It calls the children without a copy of their results and lends tensors for what the
 * composite computes itself.
 */
public abstract class Pass {
  /** The child whose call has failed, until the composite around it has named it. */
  private Module failed;

  Pass() {}

  /**
   * Calls a child: its output for an input on the way forward; the gradient with respect to its
   * input for one with respect to its output on the way back. The result is lent: read it until the
   * pass ends (and, of a recording pass, until the next one), and do not write to it.
   *
   * @throws ShapeException if the child does not take it; the message says where it sits
   * @throws IllegalStateException on the way back, if the child has seen another forward pass since
   */
  public final Tensor call(Module child, Tensor t) {
    try {
      return run(child, t);
    } catch (ShapeException e) {
      failed = failed == null ? child : failed;
      throw e;
    }
  }

  /**
   * On the way back: lets a child add to its parameters' gradients where nobody needs the gradient
   * with respect to its input.
   */
  public final void accumulate(Module child, Tensor gradOutput) {
    try {
      add(child, gradOutput);
    } catch (ShapeException e) {
      failed = failed == null ? child : failed;
      throw e;
    }
  }

  /**
   * A tensor of the given shape to write to, for as long as the results of {@link #call} hold. Its
   * contents are old: write every element.
   */
  public abstract Tensor tensor(int... shape);

  /**
   * Whether the composite may remember something in its fields for the way back. Not while it
   * infers: other threads may be at it.
   */
  public abstract boolean isRecording();

  abstract Tensor run(Module child, Tensor t);

  abstract void add(Module child, Tensor gradOutput);

  /** Says that a lent tensor is needed no more; others are ignored. */
  void done(Tensor t) {}

  /** The exception with the place of the child that failed in front of its path. */
  final ShapeException locate(ShapeException e, Module in) {
    Module child = failed;
    failed = null;
    if (child == null) {
      return e;
    }
    for (var entry : in.members.children.entrySet()) {
      if (Members.same(entry.getValue(), child)) {
        return e.in(entry.getKey(), in.name());
      }
    }
    return e;
  }

  /** The old tensor under the shape where its size allows, else a new one. */
  static Tensor fitted(Tensor old, int[] shape) {
    if (old == null) {
      return Tensor.zeros(shape);
    }
    long size = 1;
    for (int n : shape) {
      size *= n;
    }
    if (old.size() != size) {
      return Tensor.zeros(shape);
    }
    return hasShape(old, shape) ? old : old.reshape(shape);
  }

  /** Refuses a tensor of another shape; {@code what} says which one it is. */
  static void requireShape(String what, Tensor t, int... shape) {
    if (!hasShape(t, shape)) {
      throw new ShapeException(Shapes.mismatch(what + " must have shape", shape, t.shape()));
    }
  }

  static boolean hasShape(Tensor t, int[] shape) {
    if (t.rank() != shape.length) {
      return false;
    }
    for (int d = 0; d < shape.length; d++) {
      if (t.dim(d) != shape[d]) {
        return false;
      }
    }
    return true;
  }
}
