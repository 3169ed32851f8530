//! Identifiers that move from one user to another within a run.

use std::collections::HashMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::candidate::Candidate;
use super::identifiers::Moves;
use crate::identifiers_of;

/// Returns the candidates who hand an identifier over to another candidate's user or take one, in
/// an order in which each identifier is free when it is taken. People who exchange theirs in a
/// circle form one group, which is written together.
pub(crate) fn hand_over_groups(candidates: &[Candidate<'_>], moves: &Moves<'_>) -> Vec<Vec<usize>> {
    let mut hand_overs = Vec::new();
    for &giver in &moves.givers {
        let user = candidates[giver].user_to_sync();
        for identifier in user.into_iter().flat_map(identifiers_of) {
            let takers = moves.takers(&identifier).iter();
            let takers = takers.filter(|&&taker| candidates[taker].user_to_sync().is_some());
            hand_overs.extend(takers.map(|&taker| (taker, giver)));
        }
    }
    hand_overs.sort_unstable();
    let mut ties = DiGraph::<usize, ()>::new();
    let mut nodes = HashMap::new();
    for (taker, giver) in hand_overs {
        let from = *nodes.entry(taker).or_insert_with(|| ties.add_node(taker));
        let to = *nodes.entry(giver).or_insert_with(|| ties.add_node(giver));
        ties.update_edge(from, to, ());
    }
    // Components come in reverse topological order: those who give an identifier up come first.
    kosaraju_scc(&ties)
        .into_iter()
        .map(|group| group.into_iter().map(|node| ties[node]).collect())
        .collect()
}
