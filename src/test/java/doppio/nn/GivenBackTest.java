package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.internal.Pool;
import doppio.internal.Scratch;
import doppio.internal.layer.RecurrentScratch;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a module borrows for a call it gives back, or every call would make it anew. */
class GivenBackTest {
  private static final int ATTEMPTS = 5;

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#all")
  void workingArraysAreThereAgainAfterEachCall(ModuleCase c) {
    Module module = c.create(1);
    Tensor x = c.batch(2, 3);
    Tensor y = module.infer(x);
    allAreThereAgain("infer", () -> module.infer(x));
    allAreThereAgain("forward", () -> module.forward(x));
    allAreThereAgain("backward", () -> module.forward(x), () -> module.backward(y));
  }

  @ParameterizedTest
  @EnumSource
  void workingArraysAreThereAgainAfterEachStep(RecurrentTest.Kind kind) {
    Stepper stepper = kind.of(3, 4, 1).stepper();
    allAreThereAgain("step", () -> stepper.step(Tensor.of(1, 2, 3)));
  }

  private static void allAreThereAgain(String what, Runnable... calls) {
    givesBack(what, Scratch::take, calls);
    givesBack(what, RecurrentScratch::take, calls);
  }

  /** A collection in between takes what is not out: then it does not count. */
  @SuppressWarnings("ReferenceEquality") // others like it do not count
  private static void givesBack(
      String what, Supplier<? extends Pool.Shared> pool, Runnable... calls) {
    boolean same = false;
    for (int i = 0; i < ATTEMPTS && !same; i++) {
      Pool.Shared before = pool.get();
      before.give();
      for (Runnable call : calls) {
        call.run();
      }
      Pool.Shared after = pool.get();
      after.give();
      same = after == before;
    }
    assertThat(same).as(what).isTrue();
  }
}
