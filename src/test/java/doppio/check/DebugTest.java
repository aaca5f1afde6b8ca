package doppio.check;
import org.junit.jupiter.api.Test;
class DebugTest {
  @Test void d() {
    RandomModule r = new RandomModule(47);
    doppio.internal.Observer o = new doppio.internal.Observer() {
      public void gradient(Object m, doppio.Tensor gy, doppio.Tensor gx) {
        if (m == r.module.get("0.2")) { System.out.println(java.util.Arrays.toString(gy.data())+"\n"+java.util.Arrays.toString(gx.data())); }
      }
      public void output(Object m, doppio.Tensor gy, doppio.Tensor gx) {
        if (m == r.module.get("0.2")) { System.out.println(java.util.Arrays.toString(gy.shape())+java.util.Arrays.toString(gy.data())+"\n"+java.util.Arrays.toString(gx.data())); }
      }
    };
    System.out.println(r.training + " " + r.module);
    if (r.training) r.module.train(); else r.module.eval();
    o.during(() -> { var y = r.module.forward(r.input); r.module.backward(doppio.RandomTensors.normal(3, y.shape())); });
  }
}
