package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.loss.CrossEntropy;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerCheckTest {
  private final Sequential model =
      new Sequential(
          new Linear(4, 5, new Generator(1)), new Sequential(new Linear(5, 3, new Generator(2))));

  private Trainer trainer(Optimizer optimizer) {
    return new Trainer(model, new CrossEntropy(), optimizer);
  }

  private void replaceHead() {
    model.set(-1, new Linear(5, 3, new Generator(3)));
  }

  @Test
  void anOptimizerWithAHeadThatWasReplacedIsRefused() {
    Optimizer whole = new SGD(model.parameters(), 0.1);
    Trainer made = trainer(whole);
    replaceHead();
    for (Trainer trainer : List.of(made, trainer(whole))) {
      assertThatThrownBy(() -> trainer.fit(Problem.DATA))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "the optimizer has [Parameter[3, 5], Parameter[3]], which the model has not, and"
                  + " lacks the model's [1.weight, 1.bias]: was it made before a layer was"
                  + " replaced?");
      assertThat(trainer.training().step()).isZero();
    }
    assertThat(trainer(new SGD(model.parameters(), 0.1)).fit(Problem.DATA).size()).isEqualTo(1);
  }

  @Test
  void anOptimizerOfTheOldHeadAloneIsRefused() {
    Trainer made = trainer(new SGD(model.get(-1).parameters(), 0.1));
    replaceHead();
    assertThatThrownBy(() -> made.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the optimizer has [Parameter[3, 5], Parameter[3]], which");
  }

  @Test
  void aHeadThatIsReplacedByACallbackAtTheStartIsSeen() {
    Trainer trainer = trainer(new SGD(model.parameters(), 0.1));
    trainer.callback(Recorder.onStart(t -> replaceHead()));
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was it made before a layer was replaced?");
    assertThat(trainer.training().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aPartOfTheModelMayBeTrained() {
    assertThat(trainer(new SGD(model.get(-1).parameters(), 0.1)).fit(Problem.DATA).size())
        .isEqualTo(1);
  }

  @Test
  void parametersOfALossMayBeTrainedToo() {
    List<Parameter> all = new ArrayList<>(model.parameters());
    all.addAll(new Linear(2, 2).parameters());
    assertThat(trainer(new SGD(all, 0.1)).fit(Problem.DATA).size()).isEqualTo(1);
  }

  @Test
  void whatIsFrozenMayBeMissingBesideParametersOfALoss() {
    List<Parameter> some = new ArrayList<>(model.get(-1).parameters());
    some.addAll(new Linear(2, 2).parameters());
    model.get(0).parameters().forEach(p -> p.frozen(true));
    assertThat(trainer(new SGD(some, 0.1)).fit(Problem.DATA).size()).isEqualTo(1);
  }

  @Test
  void aModelThatIsFrozenWholeIsRefusedUnlessACallbackThaws() {
    Trainer trainer = trainer(new SGD(model.parameters(), 0.1));
    model.parameters().forEach(p -> p.frozen(true));
    String message =
        "all of the model's parameters that the optimizer has are frozen: nothing would be trained";
    assertThatThrownBy(() -> trainer.fit(Problem.DATA))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    model.get(0).parameters().forEach(p -> p.frozen(false));
    Trainer head = trainer(new SGD(model.get(-1).parameters(), 0.1));
    assertThatThrownBy(() -> head.fit(Problem.DATA)).hasMessage(message);
    head.callback(Recorder.onStart(t -> t.model().parameters().forEach(p -> p.frozen(false))));
    assertThat(head.fit(Problem.DATA).size()).isEqualTo(1);
  }

  @Test
  void aTrainingWithNothingToDoIsNotLookedAt() {
    model.parameters().forEach(p -> p.frozen(true));
    assertThat(trainer(new SGD(model.parameters(), 0.1)).epochs(0).fit(Problem.DATA).size())
        .isZero();
  }
}
