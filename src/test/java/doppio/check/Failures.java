package doppio.check;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.nn.Module;
import org.assertj.core.api.AbstractThrowableAssert;

/** Assertions on what a gradient check finds. */
final class Failures {
  private Failures() {}

  /** The check of the module at the input fails; its message is for the caller to look at. */
  static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(
      Module module, Tensor input) {
    return assertThatThrownBy(() -> GradientCheck.check(module, input))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("GradientCheck: ");
  }
}
