package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Observer;
import doppio.internal.Shapes;

/**
 * The base of modules that are made of others but are no chain: register the children in the
 * constructor with {@link #child}, and call them through the {@link Pass} in two methods, one
 * forward (for training and for inference alike) and one back:
 *
 * <pre>{@code
 * final class Gated extends Composite {
 *   private final Module body = child("body", …);
 *
 *   protected Tensor compute(Pass pass, Tensor x) {
 *     Tensor b = pass.call(body, x);
 *     Tensor y = pass.tensor(x.shape());
 *     for (int i = 0; i < x.size(); i++) y.data()[i] = x.data()[i] + b.data()[i];
 *     return y;
 *   }
 *
 *   protected Tensor inputGradient(Pass pass, Tensor gy) {
 *     Tensor gb = pass.call(body, gy);
 *     Tensor gx = pass.tensor(gy.shape());
 *     for (int i = 0; i < gy.size(); i++) gx.data()[i] = gy.data()[i] + gb.data()[i];
 *     return gx;
 *   }
 *
 *   public Description<Gated> describe() {
 *     return Description.of(parts -> new Gated(parts.child("body")));
 *   }
 * }
 * }</pre>
 *
 * <p>The children's results are read without a copy; what {@link #forward}, {@link #backward} and
 * {@link #infer} return is the caller's own all the same.
 *
 * <p>A child that refuses what it is given does so in the middle of the pass: those before it have
 * drawn their random numbers, moved their running statistics or added to their gradients. To undo
 * that would cost every pass a copy; a trainer puts buffers back.
 */
public abstract class Composite extends Buffered {
  private final Recording recording = new Recording();
  private final Unanswered unanswered = new Unanswered();

  /** The last output, null if there was none: its shape is the gradient's. */
  private Tensor output;

  private int passes;

  /** For subclasses. */
  protected Composite() {}

  /**
   * The output for an input: a tensor of the pass, a child's result, or the input itself. Called by
   * several threads at once while they infer: writes a field only if {@link Pass#isRecording}.
   */
  protected abstract Tensor compute(Pass pass, Tensor x);

  /**
   * Lets the children add to the gradients of their parameters; returns the gradient with respect
   * to the last input for the one with respect to the last output.
   */
  protected abstract Tensor inputGradient(Pass pass, Tensor gradOutput);

  /**
   * Lets the children add to the gradients of their parameters where nobody asks for the gradient
   * with respect to the input; by default as {@link #inputGradient}.
   */
  protected void accumulate(Pass pass, Tensor gradOutput) {
    inputGradient(pass, gradOutput);
  }

  @Override
  public final Tensor forward(Tensor x) {
    unanswered.forward(this);
    return forwardShared(x).copy();
  }

  @Override
  public final Tensor backward(Tensor gradOutput) {
    return backwardShared(gradOutput).copy();
  }

  @Override
  public final void accumulateGradients(Tensor gradOutput) {
    check(gradOutput);
    Pass pass = recording.beginBack();
    try {
      accumulate(pass, gradOutput);
    } catch (ShapeException e) {
      throw pass.locate(e, this);
    }
    Observer.seeBack(this, gradOutput, null);
  }

  @Override
  public final Tensor infer(Tensor x) {
    return Inference.of(this, x);
  }

  @Override
  final Tensor forwardShared(Tensor x) {
    output = null;
    passes++;
    Pass pass = recording.begin();
    try {
      output = compute(pass, x);
    } catch (ShapeException e) {
      throw pass.locate(e, this);
    }
    return Observer.see(this, x, output);
  }

  @Override
  final Tensor backwardShared(Tensor gradOutput) {
    check(gradOutput);
    Pass pass = recording.beginBack();
    Tensor gx;
    try {
      gx = inputGradient(pass, gradOutput);
    } catch (ShapeException e) {
      throw pass.locate(e, this);
    }
    Observer.seeBack(this, gradOutput, gx);
    return gx;
  }

  @Override
  final Tensor inferShared(Tensor x, Pass pass) {
    try {
      return Observer.see(this, x, compute(pass, x));
    } catch (ShapeException e) {
      throw pass.locate(e, this);
    }
  }

  @Override
  final int passes() {
    return passes;
  }

  private void check(Tensor gradOutput) {
    if (output == null) {
      throw new IllegalStateException(title() + ": backward before forward");
    }
    checkGradient(gradOutput);
    unanswered.backward();
  }

  /** Refuses a gradient of another shape; a chain leaves it to its last module. */
  void checkGradient(Tensor gradOutput) {
    if (!gradOutput.sameShape(output)) {
      throw new ShapeException(Shapes.mismatch(name() + " expects a gradient", output, gradOutput));
    }
  }

  /** The name alone: the children's lines would drown a message. */
  @Override
  String title() {
    return name();
  }
}
