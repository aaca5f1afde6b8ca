package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserverTest {
  private static final Tensor X = Tensor.of(1);
  private static final Tensor Y = Tensor.of(2);

  private final List<List<Object>> seen = new ArrayList<>();

  private final class Remembers extends Observer {
    @Override
    public void output(Object module, Tensor x, Tensor y) {
      seen.add(List.of("output", module, x, y));
    }

    @Override
    public void gradient(Object module, Tensor gy, Tensor gx) {
      seen.add(List.of("gradient", module, gy, gx));
    }
  }

  @Test
  void whatHappensDuringTheWorkIsSeenAndNothingElse() {
    Observer observer = new Remembers();
    assertThat(Observer.current()).isNull();
    assertThat(Observer.see("before", X, Y)).isSameAs(Y);
    Observer.seeBack("before", X, Y);
    observer.during(
        () -> {
          assertThat(Observer.current()).isSameAs(observer);
          assertThat(Observer.see("a", X, Y)).isSameAs(Y);
          Observer.seeBack("b", Y, X);
        });
    assertThat(Observer.current()).isNull();
    Observer.see("after", X, Y);
    assertThat(seen).containsExactly(List.of("output", "a", X, Y), List.of("gradient", "b", Y, X));
  }

  @Test
  void theWorkOfOtherThreadsIsNotSeen() {
    new Remembers()
        .during(
            () -> {
              Thread other =
                  new Thread(
                      () -> {
                        Observer.see("other", X, Y);
                        Observer.seeBack("other", X, Y);
                      });
              other.start();
              try {
                other.join();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(seen).isEmpty();
  }

  @Test
  void anObserverWithinAnotherGivesItItsPlaceBackEvenAfterAFailure() {
    Observer outer = new Remembers();
    outer.during(
        () -> {
          Observer inner = new Observer() {};
          assertThatThrownBy(
                  () ->
                      inner.during(
                          () -> {
                            assertThat(Observer.current()).isSameAs(inner);
                            Observer.see("inner", X, Y);
                            throw new IllegalStateException("from the work");
                          }))
              .hasMessage("from the work");
          assertThat(Observer.current()).isSameAs(outer);
        });
    assertThat(Observer.current()).isNull();
    assertThat(seen).isEmpty();
  }
}
