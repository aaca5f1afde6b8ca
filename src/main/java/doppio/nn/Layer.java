package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Observer;
import doppio.internal.Shapes;

/**
 * The base of the leaves: checks shapes, remembers what the backward pass needs and owns the
 * buffers, so that a layer without parameters is two methods, {@link #compute} and {@link
 * #inputGradient}:
 *
 * <pre>{@code
 * final class Square extends Layer {
 *   protected void compute(Tensor x, Tensor y) {
 *     for (int i = 0; i < x.size(); i++) y.data()[i] = x.data()[i] * x.data()[i];
 *   }
 *   protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
 *     for (int i = 0; i < x.size(); i++) gx.data()[i] = 2 * x.data()[i] * gy.data()[i];
 *   }
 * }
 * }</pre>
 *
 * <p>A layer with parameters registers them with {@link #parameter} and overrides {@link
 * #parameterGradients} too; one that changes the shape overrides {@link #outputShape}. One that
 * remembers more than its input and output for the way back, or behaves differently in training,
 * overrides {@link #record}; one whose gradients share their work overrides {@link #gradients}
 * instead of the two.
 *
 * <p>The tensors that a hook gets are the layer's for the length of the call. {@code y} and {@code
 * gx} hold old numbers when it begins: write every element.
 */
public abstract class Layer extends Buffered {
  private final Unanswered unanswered = new Unanswered();
  private Tensor input;
  private Tensor output;
  private Tensor gradInput;
  private boolean trainingPass;
  private boolean ready;
  private int passes;

  /** For subclasses. */
  protected Layer() {}

  /**
   * Writes the output in evaluation mode for input x to y. Called by several threads at once:
   * writes nothing else.
   */
  protected abstract void compute(Tensor x, Tensor y);

  /**
   * Writes the output of {@link #forward} for input x to y, in the mode that {@link #isTraining}
   * tells, and may remember what {@link #gradients} needs, in fields; by default as {@link
   * #compute}. Without training it gives the numbers of {@code compute}.
   */
  protected void record(Tensor x, Tensor y) {
    compute(x, y);
  }

  /**
   * Writes the gradient with respect to the input, gx, for the gradient with respect to the output,
   * gy. x and y are the last input and output.
   */
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    throw new UnsupportedOperationException(
        name() + " overrides neither inputGradient nor gradients");
  }

  /** Adds to the gradients of the layer's parameters; by default there are none. */
  protected void parameterGradients(Tensor x, Tensor gy) {}

  /**
   * Goes back: adds to the gradients of the parameters and writes the gradient with respect to the
   * input to gx. By default by {@link #parameterGradients} and {@link #inputGradient}.
   *
   * @param x the input of the last {@link #record}
   * @param y its output
   * @param gy the gradient with respect to y
   * @param gx null where nobody asks for it
   */
  protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    parameterGradients(x, gy);
    if (gx != null) {
      inputGradient(x, y, gy, gx);
    }
  }

  /**
   * The shape of the output for an input of the given shape; by default the same.
   *
   * @throws ShapeException if the layer does not take such an input; {@link #refuse} makes one
   */
  protected int[] outputShape(int[] inputShape) {
    return inputShape;
  }

  /** Refuses an input of a shape that the layer takes, but not in training. */
  void checkTraining(Tensor x) {}

  /** Whether the last {@link #forward} was one in training mode. */
  protected final boolean wasTraining() {
    return trainingPass;
  }

  /** The exception for an input of a wrong shape, with the layer's name in its message. */
  protected final ShapeException refuse(String expected, int[] inputShape) {
    return new ShapeException(
        this + " expects input " + expected + " but got " + Shapes.text(inputShape));
  }

  /** {@inheritDoc} */
  @Override
  public final Tensor forward(Tensor x) {
    unanswered.forward(this);
    return forwardShared(x).copy();
  }

  /** {@inheritDoc} */
  @Override
  public final Tensor backward(Tensor gradOutput) {
    return backwardShared(gradOutput).copy();
  }

  /** {@inheritDoc} */
  @Override
  public final void accumulateGradients(Tensor gradOutput) {
    check(gradOutput);
    unanswered.backward();
    if (isTrainable()) {
      gradients(input, output, gradOutput, null);
    }
    Observer.seeBack(this, gradOutput, null);
  }

  /** {@inheritDoc} */
  @Override
  public final Tensor infer(Tensor x) {
    return inferTo(x, Tensor.zeros(outputShape(x.shape())));
  }

  @Override
  final Tensor forwardShared(Tensor x) {
    int[] shape = input == null || !x.sameShape(input) ? outputShape(x.shape()) : null;
    if (isTraining()) {
      checkTraining(x);
    }
    ready = false;
    if (shape != null) {
      output = Pass.fitted(output, shape);
    }
    passes++;
    input = x;
    trainingPass = isTraining();
    record(x, output);
    ready = true;
    Observer.see(this, x, output);
    return output;
  }

  @Override
  final Tensor backwardShared(Tensor gradOutput) {
    check(gradOutput);
    unanswered.backward();
    if (gradInput == null || !gradInput.sameShape(input)) {
      gradInput = Pass.fitted(gradInput, input.shape());
    }
    gradients(input, output, gradOutput, gradInput);
    Observer.seeBack(this, gradOutput, gradInput);
    return gradInput;
  }

  @Override
  final Tensor inferShared(Tensor x, Pass pass) {
    return inferTo(x, pass.tensor(outputShape(x.shape())));
  }

  @Override
  final int passes() {
    return passes;
  }

  private Tensor inferTo(Tensor x, Tensor y) {
    compute(x, y);
    Observer.see(this, x, y);
    return y;
  }

  private void check(Tensor gradOutput) {
    if (!ready) {
      throw new IllegalStateException(this + ": backward before forward");
    }
    if (!gradOutput.sameShape(output)) {
      throw new ShapeException(Shapes.mismatch(this + " expects a gradient", output, gradOutput));
    }
  }
}
