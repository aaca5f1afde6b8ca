package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.loss.CrossEntropy;
import doppio.nn.Concat;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ModesTest {
  private final Problem problem = new Problem(1);

  @Test
  void aCallbackThatCallsEvalDoesNotTurnDropoutOff() {
    Problem plain = new Problem(1);
    plain.trainer().fit(Problem.DATA);
    Callback evaluates =
        new Callback() {
          @Override
          public void start(Training training) {
            training.model().eval();
          }

          @Override
          public void batch(Training training) {
            training.model().eval();
          }

          @Override
          public void epoch(Training training) {
            training.model().children().values().forEach(Module::eval);
          }
        };
    problem
        .trainer()
        .callback(evaluates)
        .metric(
            "evaluates",
            (predictions, targets) -> {
              problem.model.eval();
              return 0;
            })
        .fit(Problem.DATA);
    assertThat(problem.state()).isEqualTo(plain.state());
    assertThat(modes(problem.model)).containsOnly(true);
  }

  @Test
  void aModelThatEvaluatedTrainsThoughACallbackCallsEvalAtTheStart() {
    Problem plain = new Problem(1);
    plain.trainer().fit(Problem.DATA);
    problem.model.eval();
    problem.trainer().callback(Recorder.onStart(t -> t.model().eval())).fit(Problem.DATA);
    assertThat(problem.state()).isEqualTo(plain.state());
  }

  @Test
  void partsThatEvaluateInAModelThatTrainsGoOnSo() {
    problem.model.get("2").eval();
    List<List<Boolean>> seen = new ArrayList<>();
    problem
        .trainer()
        .callback(Recorder.onBatch(t -> seen.add(modes(t.model()))))
        .callback(Recorder.onBatch(t -> t.model().eval()))
        .fit(Problem.DATA);
    List<Boolean> mixed = modes(problem.model);
    assertThat(mixed).contains(true, false);
    assertThat(seen).hasSize(18).containsOnly(mixed);
    assertThat(problem.model.get("2").isTraining()).isFalse();
  }

  @Test
  void aPartThatACallbackEvaluatesOnPurposeStaysSo() {
    List<List<Boolean>> seen = new ArrayList<>();
    problem
        .trainer()
        .callback(Recorder.onEpoch(t -> t.model().get("2").eval()))
        .callback(Recorder.onBatch(t -> seen.add(modes(t.model()))))
        .callback(
            Recorder.onBatch(
                t -> {
                  if (t.epoch() > 0) {
                    t.model().eval();
                  }
                }))
        .fit(Problem.DATA);
    assertThat(seen.get(5)).containsOnly(true);
    assertThat(seen.get(6)).contains(true, false);
    assertThat(seen.get(17)).isEqualTo(seen.get(6));
    assertThat(modes(problem.model)).containsOnly(true);
  }

  @Test
  void mixedModesArePutBack() {
    List<UnaryOperator<Module>> makers =
        List.of(
            Module::train,
            Module::eval,
            m -> {
              m.eval();
              m.get("3").train();
              return m;
            },
            m -> {
              m.get("3.0").eval();
              return m;
            });
    for (UnaryOperator<Module> maker : makers) {
      Problem p = new Problem(1);
      List<Boolean> before = modes(maker.apply(p.model));
      p.trainer().fit(Problem.DATA);
      assertThat(modes(p.model)).isEqualTo(before);
    }
  }

  @Test
  void theReplicasOfBlocksHaveTheModelsModes() {
    // Without dropout one block gives the bits of the whole batch.
    Problem blocks = new Problem(1);
    Problem whole = new Problem(1);
    for (Problem p : List.of(blocks, whole)) {
      p.model.get("2").eval();
      p.model.get("3.0").eval();
    }
    blocks.trainer().gradientBlocks(30).fit(Problem.DATA);
    whole.trainer().fit(Problem.DATA);
    assertThat(blocks.state()).isEqualTo(whole.state());
  }

  @Test
  void aChainThatOnlyHoldsModulesTrainsWhereOneOfThemDoes() {
    Module dropout = new Dropout(0.5).eval();
    Module linear = new Linear(2, 2, new Generator(1)).eval();
    for (Module chain :
        List.of(
            new Sequential(dropout, linear),
            new Sequential(new Sequential(dropout), linear),
            new Residual(dropout),
            new Concat(dropout, linear))) {
      assertThat(chain.isTraining()).isFalse();
      dropout.train();
      assertThat(chain.isTraining()).isTrue();
      assertThat(chain.eval().isTraining()).isFalse();
      assertThat(dropout.isTraining()).isFalse();
      assertThat(chain.train().isTraining()).isTrue();
      dropout.eval();
      linear.eval();
    }
    assertThat(new Sequential().isTraining()).isTrue();
    assertThat(new Sequential().eval().isTraining()).isFalse();
    assertThat(new Sequential(dropout, linear).copy().isTraining()).isFalse();
  }

  @Test
  void aModelWhoseHeadACallbackReplacesTrainsOn() {
    Trainer trainer = new Trainer(problem.model, new CrossEntropy(), problem.optimizer).epochs(2);
    trainer.callback(
        Recorder.onEpoch(
            t -> {
              ((Sequential) t.model()).set(1, new Dropout(0.5, new Generator(3)));
              t.model().eval();
            }));
    List<Boolean> seen = new ArrayList<>();
    trainer.callback(Recorder.onBatch(t -> seen.add(t.model().get("1").isTraining())));
    trainer.fit(Problem.DATA);
    assertThat(seen).containsOnly(true);
  }

  private static List<Boolean> modes(Module model) {
    return model.namedModules().values().stream().map(Module::isTraining).toList();
  }
}
