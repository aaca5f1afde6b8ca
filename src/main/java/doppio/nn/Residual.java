package doppio.nn;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;

/**
 * A body beside a shortcut: y = x + body(x), or y = shortcut(x) + body(x).
 *
 * <p>Shapes: any input that both take; the two summands have one shape. The children are named
 * {@code body} and {@code shortcut}. The same in training and evaluation, as far as they are.
 *
 * <p>Gradient: ∂x = g + ∂body(g); with a shortcut, ∂shortcut(g) + ∂body(g).
 *
 * <p>Source: He et al., "Deep residual learning for image recognition" (2016), equations 1 and 2.
 *
 * <pre>{@code
 * new Residual(new Sequential(new Linear(8, 8), new ReLU(), new Linear(8, 8)))
 * }</pre>
 */
public final class Residual extends Composite {
  private final Module body;
  private final Module shortcut;

  /** The body beside the input itself. */
  public Residual(Module body) {
    this(body, null);
  }

  /**
   * The body beside a shortcut that changes the shape, a {@link Linear} say.
   *
   * @param shortcut null for the input itself
   */
  public Residual(Module body, Module shortcut) {
    members.container = true;
    this.body = child("body", body);
    this.shortcut = shortcut == null ? null : child("shortcut", shortcut);
    if (Members.same(body, shortcut)) {
      throw new IllegalArgumentException("body and shortcut of a Residual must be two modules");
    }
  }

  /** One that is made again. */
  public Residual(Parts parts) {
    this(parts.child("body"), parts.child("shortcut"));
  }

  @Override
  public Description<Residual> describe() {
    return Description.of(Residual::new);
  }

  @Override
  protected Steps steps() {
    return Steps.through(this);
  }

  /** The body. */
  public Module body() {
    return body;
  }

  /** The shortcut, null where it is the input itself. */
  public Module shortcut() {
    return shortcut;
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    Tensor straight = shortcut == null ? x : pass.call(shortcut, x);
    Tensor bent = pass.call(body, x);
    if (!straight.sameShape(bent)) {
      throw new ShapeException(
          "Residual adds "
              + (shortcut == null ? "its input " : "its shortcut's output ")
              + Shapes.text(straight)
              + " and its body's output "
              + Shapes.text(bent)
              + ", which must have one shape");
    }
    Tensor y = pass.tensor(bent.shape());
    add(straight, bent, y);
    return y;
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
    Tensor bent = pass.call(body, gradOutput);
    Tensor straight = shortcut == null ? gradOutput : pass.call(shortcut, gradOutput);
    Tensor gx = pass.tensor(bent.shape());
    add(straight, bent, gx);
    return gx;
  }

  @Override
  protected void accumulate(Pass pass, Tensor gradOutput) {
    pass.accumulate(body, gradOutput);
    if (shortcut != null) {
      pass.accumulate(shortcut, gradOutput);
    }
  }

  private static void add(Tensor a, Tensor b, Tensor sum) {
    double[] ad = a.data();
    double[] bd = b.data();
    double[] sd = sum.data();
    for (int i = 0; i < sd.length; i++) {
      sd[i] = ad[i] + bd[i];
    }
  }
}
