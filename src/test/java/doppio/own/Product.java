package doppio.own;

import doppio.Tensor;
import doppio.nn.Composite;
import doppio.nn.Description;
import doppio.nn.Module;
import doppio.nn.Pass;

/** y = left(x) · right(x), element by element: two branches that the way back needs again. */
public final class Product extends Composite {
  private final Module left;
  private final Module right;
  private Tensor a;
  private Tensor b;

  public Product(Module left, Module right) {
    this.left = child("left", left);
    this.right = child("right", right);
  }

  @Override
  protected Tensor compute(Pass pass, Tensor x) {
    Tensor l = pass.call(left, x);
    Tensor r = pass.call(right, x);
    if (pass.isRecording()) {
      a = l;
      b = r;
    }
    return times(pass, l, r);
  }

  @Override
  protected Tensor inputGradient(Pass pass, Tensor gy) {
    Tensor gl = pass.call(left, times(pass, gy, b));
    Tensor gr = pass.call(right, times(pass, gy, a));
    Tensor gx = pass.tensor(gl.shape());
    for (int i = 0; i < gx.size(); i++) {
      gx.data()[i] = gl.data()[i] + gr.data()[i];
    }
    return gx;
  }

  @Override
  public Description<Product> describe() {
    return Description.of(parts -> new Product(parts.child("left"), parts.child("right")));
  }

  private static Tensor times(Pass pass, Tensor p, Tensor q) {
    Tensor product = pass.tensor(p.shape());
    for (int i = 0; i < product.size(); i++) {
      product.data()[i] = p.data()[i] * q.data()[i];
    }
    return product;
  }
}
