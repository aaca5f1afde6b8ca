package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;

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
 * #parameterGradients} too; one that changes the shape overrides {@link #outputShape}; one that
 * behaves differently in training overrides {@link #computeTraining}.
 *
 * <p>The tensors that a hook gets are the layer's for the length of the call. {@code y} and {@code
 * gx} hold old numbers when it begins: write every element.
 */
public abstract class Layer extends Module implements Cloneable {
  private Tensor input;
  private Tensor output;
  private Tensor gradInput;
  private boolean trainingPass;
  private boolean ready;

  /** For subclasses. */
  protected Layer() {}

  /**
   * Writes the output in evaluation mode for input x to y. Called by several threads at once:
   * writes nothing else.
   */
  protected abstract void compute(Tensor x, Tensor y);

  /** Writes the output in training mode for input x to y; by default as {@link #compute}. */
  protected void computeTraining(Tensor x, Tensor y) {
    compute(x, y);
  }

  /**
   * Writes the gradient with respect to the input, gx, for the gradient with respect to the output,
   * gy. x and y are the last input and output.
   */
  protected abstract void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx);

  /** Adds to the gradients of the layer's parameters; by default there are none. */
  protected void parameterGradients(Tensor x, Tensor gy) {}

  /**
   * The shape of the output for an input of the given shape; by default the same.
   *
   * @throws ShapeException if the layer does not take such an input; {@link #refuse} makes one
   */
  protected int[] outputShape(int[] inputShape) {
    return inputShape;
  }

  /** Whether the last {@link #forward} was one in training mode. */
  protected final boolean wasTraining() {
    return trainingPass;
  }

  /** The exception for an input of a wrong shape, with the layer's name in its message. */
  protected final ShapeException refuse(String expected, int[] inputShape) {
    return new ShapeException(
        this + " expects input " + expected + " but got " + Arrays.toString(inputShape));
  }

  /** {@inheritDoc} */
  @Override
  public final Tensor forward(Tensor x) {
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
    parameterGradients(input, gradOutput);
  }

  /** {@inheritDoc} */
  @Override
  public final Tensor infer(Tensor x) {
    Tensor y = Tensor.zeros(outputShape(x.shape()));
    compute(x, y);
    return y;
  }

  /**
   * A layer without parameters is cloned, its fields and all; one with parameters, or with buffers
   * of its own, overrides this.
   */
  @Override
  protected Module copy(Copies copies) {
    if (!parameters().isEmpty() || !children().isEmpty()) {
      return super.copy(copies);
    }
    try {
      Layer twin = (Layer) clone();
      twin.ready = false;
      twin.input = null;
      twin.output = null;
      twin.gradInput = null;
      return twin;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  final Tensor forwardShared(Tensor x) {
    if (input == null || !input.sameShape(x)) {
      int[] shape = outputShape(x.shape());
      ready = false;
      output = buffer(output, shape);
    }
    ready = false;
    input = x;
    trainingPass = isTraining();
    if (trainingPass) {
      computeTraining(x, output);
    } else {
      compute(x, output);
    }
    ready = true;
    return output;
  }

  @Override
  final Tensor backwardShared(Tensor gradOutput) {
    check(gradOutput);
    parameterGradients(input, gradOutput);
    if (gradInput == null || !gradInput.sameShape(input)) {
      gradInput = buffer(gradInput, input.shape());
    }
    inputGradient(input, output, gradOutput, gradInput);
    return gradInput;
  }

  private void check(Tensor gradOutput) {
    if (!ready) {
      throw new IllegalStateException(this + ": backward before forward");
    }
    if (!gradOutput.sameShape(output)) {
      throw new ShapeException(
          this
              + " expects a gradient "
              + Arrays.toString(output.shape())
              + " but got "
              + Arrays.toString(gradOutput.shape()));
    }
  }

  /** The old buffer under the new shape where its size allows, else a new one. */
  private static Tensor buffer(Tensor old, int[] shape) {
    int size = 1;
    for (int n : shape) {
      size *= n;
    }
    return old != null && old.size() == size ? old.reshape(shape) : Tensor.zeros(shape);
  }
}
