package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which arrays an inference lends; what it computes, all layers' laws test. */
class InferenceTest {
  private static final Tensor X = Tensor.of(1, 2);

  @FunctionalInterface
  private interface Lends {
    void ask(Pass pass);
  }

  @Test
  void whatIsNeededNoMoreIsLentAgainAndNothingElse() {
    infer(
        pass -> {
          Tensor a = pass.tensor(2);
          Tensor b = pass.tensor(2);
          Tensor c = pass.tensor(3);
          pass.done(a);
          pass.done(X);
          assertThat(pass.tensor(3).data()).isNotSameAs(c.data());
          assertThat(pass.tensor(2, 1).data()).isSameAs(a.data());
          assertThat(pass.tensor(2).data()).isNotSameAs(a.data()).isNotSameAs(b.data());
        });
  }

  @Test
  void theNextPassGetsTheSameArrays() {
    List<double[]> first = new ArrayList<>();
    infer(pass -> first.addAll(List.of(pass.tensor(5).data(), pass.tensor(7).data())));
    infer(
        pass -> {
          assertThat(pass.tensor(7).data()).isSameAs(first.get(1));
          assertThat(pass.tensor(5).data()).isSameAs(first.get(0));
        });
  }

  @Test
  void modulesWithinModulesShareAPass() {
    List<Pass> passes = new ArrayList<>();
    Module inner = new Asking(passes::add, null);
    new Asking(passes::add, inner).infer(X);
    assertThat(passes).hasSize(2);
    assertThat(passes.get(1)).isSameAs(passes.get(0));
  }

  private static void infer(Lends lends) {
    assertThat(new Asking(lends, null).infer(X).data()).containsExactly(X.data());
  }

  /** Gives its input on, after it has asked for what it is told to, and after its child. */
  private static final class Asking extends Composite {
    private final Lends lends;
    private final Module inner;

    Asking(Lends lends, Module inner) {
      this.lends = lends;
      this.inner = inner == null ? null : child("inner", inner);
    }

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      lends.ask(pass);
      return inner == null ? x : pass.call(inner, x);
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
      return gradOutput;
    }
  }
}
