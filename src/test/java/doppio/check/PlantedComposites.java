package doppio.check;

import doppio.Tensor;
import doppio.nn.Composite;
import doppio.nn.Module;
import doppio.nn.Pass;

/** Modules made of others, in each term of whose gradients an error can be planted. */
final class PlantedComposites {
  private PlantedComposites() {}

  /** y = left(x) · right(x), element by element. */
  static final class Multiply extends Composite implements Plant.Bed {
    private final Module left;
    private final Module right;
    private Plant p = Plant.NONE;
    private double[] a;
    private double[] b;
    private double[] before;

    Multiply(Module left, Module right) {
      this.left = child("left", left);
      this.right = child("right", right);
    }

    @Override
    public void plant(Plant plant) {
      p = plant;
    }

    @Override
    public int places(Plant.Kind kind) {
      return Plant.Bed.count(kind, 4, 2, 1);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      double[] l = pass.call(left, x).data().clone();
      Tensor r = pass.call(right, x);
      if (pass.isRecording()) {
        before = a;
        a = l;
        b = r.data().clone();
      }
      Tensor y = pass.tensor(r.shape());
      for (int i = 0; i < l.length; i++) {
        y.data()[i] = l[i] * r.data()[i];
      }
      return y;
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gy) {
      double[] as = p.of(0, a, before);
      int n = gy.size();
      Tensor gl = pass.tensor(gy.shape());
      Tensor gr = pass.tensor(gy.shape());
      for (int i = 0; i < n; i++) {
        gl.data()[i] = p.c(0, i) * gy.data()[i] * b[p.at(0, i, n)];
        gr.data()[i] = p.c(1, i) * gy.data()[p.at(1, i, n)] * as[i];
      }
      double[] first = pass.call(left, gl).data().clone();
      Tensor second = pass.call(right, gr);
      Tensor gx = pass.tensor(second.shape());
      for (int i = 0; i < first.length; i++) {
        gx.data()[i] = p.c(2, i) * first[i] + p.c(3, i) * second.data()[i];
      }
      return gx;
    }
  }

  /** y = x + body(x). */
  static final class Shortcut extends Composite implements Plant.Bed {
    private final Module body;
    private Plant p = Plant.NONE;

    Shortcut(Module body) {
      this.body = child("body", body);
    }

    @Override
    public void plant(Plant plant) {
      p = plant;
    }

    @Override
    public int places(Plant.Kind kind) {
      return Plant.Bed.count(kind, 2, 2, 0);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      Tensor y = pass.tensor(x.shape());
      Tensor b = pass.call(body, x);
      for (int i = 0; i < x.size(); i++) {
        y.data()[i] = x.data()[i] + b.data()[i];
      }
      return y;
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gy) {
      int n = gy.size();
      Tensor gb = pass.call(body, gy);
      Tensor gx = pass.tensor(gy.shape());
      for (int i = 0; i < n; i++) {
        double straight = p.c(0, i) * gy.data()[p.at(0, i, n)];
        gx.data()[i] = straight + p.c(1, i) * gb.data()[p.at(1, i, n)];
      }
      return gx;
    }
  }

  /** The features of left(x), then those of right(x). */
  static final class Beside extends Composite implements Plant.Bed {
    private final Module left;
    private final Module right;
    private Plant p = Plant.NONE;
    private int[] leftShape;
    private int[] rightShape;

    Beside(Module left, Module right) {
      this.left = child("left", left);
      this.right = child("right", right);
    }

    @Override
    public void plant(Plant plant) {
      p = plant;
    }

    @Override
    public int places(Plant.Kind kind) {
      return Plant.Bed.count(kind, 4, 2, 0);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      Tensor l = pass.call(left, x);
      Tensor r = pass.call(right, x);
      if (pass.isRecording()) {
        leftShape = l.shape();
        rightShape = r.shape();
      }
      int a = l.dim(-1);
      int b = r.dim(-1);
      int[] shape = l.shape();
      shape[shape.length - 1] = a + b;
      Tensor y = pass.tensor(shape);
      for (int k = 0; k < y.size(); k++) {
        int row = k / (a + b);
        int i = k % (a + b);
        y.data()[k] = i < a ? l.data()[row * a + i] : r.data()[row * b + i - a];
      }
      return y;
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gy) {
      int a = leftShape[leftShape.length - 1];
      int b = rightShape[rightShape.length - 1];
      Tensor gl = pass.tensor(leftShape);
      Tensor gr = pass.tensor(rightShape);
      for (int k = 0; k < gl.size(); k++) {
        gl.data()[k] = p.c(0, k) * gy.data()[k / a * (a + b) + p.at(0, k % a, a + b)];
      }
      for (int k = 0; k < gr.size(); k++) {
        gr.data()[k] = p.c(1, k) * gy.data()[k / b * (a + b) + p.at(1, a + k % b, a + b)];
      }
      double[] first = pass.call(left, gl).data().clone();
      Tensor second = pass.call(right, gr);
      Tensor gx = pass.tensor(second.shape());
      for (int i = 0; i < first.length; i++) {
        gx.data()[i] = p.c(2, i) * first[i] + p.c(3, i) * second.data()[i];
      }
      return gx;
    }
  }

  /** y = 1 / (1 + inner(x)²), by a module that calls the inner one without a pass. */
  static final class Direct extends Module implements Plant.Bed {
    private final Module inner;
    private Plant p = Plant.NONE;
    private double[] now;
    private double[] before;

    Direct(Module inner) {
      this.inner = child("inner", inner);
    }

    @Override
    public void plant(Plant plant) {
      p = plant;
    }

    @Override
    public int places(Plant.Kind kind) {
      return Plant.Bed.count(kind, 1, 1, 1);
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor z = inner.forward(x);
      before = now;
      now = z.data().clone();
      return bump(z);
    }

    @Override
    public Tensor infer(Tensor x) {
      return bump(inner.infer(x));
    }

    @Override
    public Tensor backward(Tensor gy) {
      double[] z = p.of(0, now, before);
      Tensor gz = Tensor.zeros(gy.shape());
      for (int i = 0; i < z.length; i++) {
        double y = 1 / (1 + z[i] * z[i]);
        gz.data()[i] = -p.c(0, i) * 2 * z[i] * y * y * gy.data()[p.at(0, i, z.length)];
      }
      return inner.backward(gz);
    }

    private static Tensor bump(Tensor z) {
      Tensor y = Tensor.zeros(z.shape());
      for (int i = 0; i < z.size(); i++) {
        y.data()[i] = 1 / (1 + z.data()[i] * z.data()[i]);
      }
      return y;
    }
  }
}
